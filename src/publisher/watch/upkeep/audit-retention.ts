import { isoTime } from '../../../domain/job/audited-job.ts';
import {
  ArchiveDamagedError,
  type ArchivePlan,
  type AuditArchive,
  type AuditRetention,
} from '../../../ports/audit.ts';
import type { Clock } from '../../../ports/clock.ts';

export interface RetentionDeps {
  readonly clock: Clock;
  readonly retention: AuditRetention;
  readonly archive: AuditArchive;
  /** How long audit rows stay in the database, from AUDIT_RETENTION_DAYS. */
  readonly retentionDays: number;
}

export interface RetentionResult {
  /** Audit rows that were moved into an archive. */
  readonly archived: number;
  /** Audit rows that were deleted from the database. */
  readonly deleted: number;
  /** Working rows that were deleted because nobody will look at them any more. */
  readonly trimmed: number;
}

const dayMs = 86_400_000;

/**
 * Moves audit rows that are past their time into an archive, and deletes the working rows of that time. May be killed
 * anywhere: an archive that was begun is made again from the same rows under the same name, and a row is deleted only
 * once its archive was read back.
 */
export async function retainAudit(deps: RetentionDeps, signal: AbortSignal): Promise<RetentionResult> {
  const { retention } = deps;
  const before = deps.clock.now() - deps.retentionDays * dayMs;
  let deleted = await repeat(async () => retention.deleteSome(), signal);
  let archived = 0;
  // An archive of an earlier run comes first, then the rows that came of age since.
  for (;;) {
    signal.throwIfAborted();
    const plan = await retention.plan(before);
    if (plan === undefined) break;
    await archive(deps, plan);
    await retention.release(plan);
    archived += plan.rows;
    deleted += await repeat(async () => retention.deleteSome(), signal);
  }
  const trimmed = await repeat(async () => retention.trimSome(before), signal);
  return { archived, deleted, trimmed };
}

async function archive({ archive: files, retention }: RetentionDeps, plan: ArchivePlan): Promise<void> {
  const name = `${fileTime(plan.from)}_${fileTime(plan.before)}.jsonl.gz`;
  const rows = await files.save(name, toLines(retention, plan));
  if (rows !== plan.rows) throw new ArchiveDamagedError(name);
}

/** Writes rows as `npm run audit -- --rows` writes them. */
async function* toLines(retention: AuditRetention, plan: ArchivePlan): AsyncGenerator<string> {
  for await (const { id, at, action, actor, subject, facts } of retention.streamPlanned(plan)) {
    yield `${JSON.stringify({ id, time: isoTime(at), action, actor, subject, facts })}\n`;
  }
}

/** Formats a time for a file's name, to the millisecond, so that no two archives share a name. */
function fileTime(epochMs: number): string {
  return isoTime(epochMs).replaceAll(/[-:.]/g, '');
}

async function repeat(some: () => Promise<number>, signal: AbortSignal): Promise<number> {
  let all = 0;
  for (;;) {
    signal.throwIfAborted();
    const done = await some();
    if (done === 0) return all;
    all += done;
  }
}

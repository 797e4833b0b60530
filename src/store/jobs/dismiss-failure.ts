import type { Actor } from '../../domain/job/actor.ts';
import { hasFailed } from '../../domain/job/job-status.ts';
import type { JobStatus } from '../../domain/job/report.ts';
import type { DismissResult } from '../../ports/jobs.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import type { Db, StoreContext } from '../engine/context.ts';

/** Marks a failed job as one that needs no action, on behalf of a person. */
export async function dismissFailure(
  context: StoreContext,
  db: Db,
  number: number,
  actor: Actor,
): Promise<DismissResult> {
  const job = await db.selectFrom('jobs').select('status').where('number', '=', number).executeTakeFirst();
  if (job === undefined) return { kind: 'unknown' };
  const status = job.status as JobStatus;
  if (!hasFailed(status)) return { kind: 'not-failed', status };
  const known = await db
    .selectFrom('dismissed_failures')
    .select('dismissed_by')
    .where('job', '=', number)
    .executeTakeFirst();
  if (known !== undefined) return { kind: 'already', by: known.dismissed_by };
  const row = { job: number, dismissed_by: actor, dismissed_at: context.clock.now() };
  await db.insertInto('dismissed_failures').values(row).execute();
  await insertAudit(context, db, { action: 'failure-dismissed', actor, subject: `#${number}`, facts: {} });
  return { kind: 'dismissed' };
}

import type { Announcement } from '../../../domain/announcement/announcement.ts';
import { renderFailure } from '../../../domain/failure/failure.ts';
import type { PackageResult, Waiting } from '../../../domain/job/report.ts';
import { isHigher } from '../../../domain/package/version.ts';
import { findVersionProblem } from '../../../domain/package/version-problem.ts';
import type { Db, StoreContext } from '../../engine/context.ts';
import { announceSettled } from './announce-settled.ts';
import { releaseReady, settleArrived } from './release.ts';
import { type HoldRow, type Settlement, settleHold } from './settle.ts';

export interface EndedJob {
  readonly number: number;
  readonly repositoryId: number;
  readonly dispatchId: string;
  readonly isCancelled: boolean;
  readonly results: readonly PackageResult[];
  /** What is said of it; undefined when nobody hears of it. */
  readonly announcement: Announcement | undefined;
}

/**
 * In the transaction that ends a job: what it judged ends or begins a wait, and what waited for a version that it
 * published is queued.
 */
export async function followJob(context: StoreContext, db: Db, ended: EndedJob): Promise<void> {
  const before = await listOpen(context, db, ended.repositoryId);
  const settled: HoldRow[] = [];
  for (const hold of before) {
    const settlement = judgeHold(hold, ended);
    if (settlement === undefined) continue;
    await settleHold(context, db, hold, settlement);
    settled.push(hold);
  }
  for (const result of ended.results) {
    if (result.state !== 'held' || result.waiting === undefined || result.version === undefined) continue;
    const known = before.find((hold) => isOf(hold, result) && !settled.includes(hold));
    await recordHold(
      context,
      db,
      ended,
      { ...result, version: result.version, waiting: result.waiting },
      known,
    );
  }
  await announceSettled(context, db, settled, `settled-by-${ended.number}`);
  const published = ended.results.flatMap(({ name, state, version }) =>
    state === 'published' && version !== undefined ? [{ name, version }] : [],
  );
  await settleArrived(context, db, published);
  await releaseReady(context, db);
}

async function listOpen(
  { registry }: StoreContext,
  db: Db,
  repositoryId: number,
): Promise<readonly HoldRow[]> {
  return db
    .selectFrom('holds')
    .selectAll()
    .where('registry', '=', registry)
    .where('repository_id', '=', repositoryId)
    .where('state', 'in', ['waiting', 'released'])
    .orderBy('id')
    .execute();
}

function isOf(hold: HoldRow, { name, version }: PackageResult): boolean {
  return hold.name === name && hold.version === version;
}

/** Undefined while it goes on waiting. */
function judgeHold(hold: HoldRow, ended: EndedJob): Settlement | undefined {
  const { isCancelled, number: job, results } = ended;
  const own = results.find((result) => isOf(hold, result));
  const judged = own === undefined ? undefined : judgeOwn(own, job);
  if (judged !== undefined) return judged;
  if (own?.state === 'held') return undefined;
  const higher = findHigher(hold, ended);
  if (higher !== undefined) {
    return { outcome: 'passed', detail: `${higher} was published while it waited`, job };
  }
  // What was queued for it is over, and did not come to a decision.
  if (hold.state !== 'released' || hold.job !== job) return undefined;
  return { outcome: isCancelled ? 'cancelled' : 'failed', job };
}

function judgeOwn({ failure, note, state }: PackageResult, job: number): Settlement | undefined {
  switch (state) {
    case 'published':
      return { outcome: 'published', job };
    case 'skipped':
    case 'excluded':
      return { outcome: 'passed', detail: note, job };
    case 'failed':
    case 'withdrawn':
      return { outcome: 'failed', detail: failure === undefined ? note : renderFailure(failure).title, job };
    default:
      return undefined;
  }
}

/** A higher version of it that this job published from the same branch: the lower one has no place any more. */
function findHigher(hold: HoldRow, { announcement, results }: EndedJob): string | undefined {
  const branch = announcement?.kind === 'job-finished' ? announcement.about?.branch : undefined;
  if (branch !== hold.branch || findVersionProblem(hold.version) !== undefined) return undefined;
  return results.find(
    ({ name, state, version }) =>
      name === hold.name &&
      state === 'published' &&
      version !== undefined &&
      findVersionProblem(version) === undefined &&
      isHigher(version, hold.version),
  )?.version;
}

type Held = PackageResult & { readonly version: string; readonly waiting: Waiting };

async function recordHold(
  context: StoreContext,
  db: Db,
  ended: EndedJob,
  held: Held,
  known: HoldRow | undefined,
): Promise<void> {
  const { clock, registry } = context;
  const { name, path, version, waiting } = held;
  const { dispatchId: dispatch_id, number: job, repositoryId: repository_id } = ended;
  await db
    .deleteFrom('holds')
    .where('registry', '=', registry)
    .where('repository_id', '=', repository_id)
    .where('name', '=', name)
    .where('version', '=', version)
    .execute();
  const { id } = await db
    .insertInto('holds')
    .values({
      ...(known === undefined ? {} : { id: known.id }),
      registry,
      repository_id,
      name,
      version,
      path,
      branch: waiting.branch,
      dispatch_id,
      job,
      // Its wait was told: a later judgement that finds the same says nothing new.
      told_in: known?.told_in ?? job,
      state: 'waiting',
      outcome: null,
      detail: null,
      settled_by: null,
      since: known?.since ?? clock.now(),
      settled_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const awaited of waiting.awaits) {
    await db
      .insertInto('awaited_versions')
      .values({ hold: id, ...awaited })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  await settlePublished(context, db, waiting);
}

/** Another job may have published it after this one looked at the registry. */
async function settlePublished(context: StoreContext, db: Db, { awaits }: Waiting): Promise<void> {
  for (const awaited of awaits) {
    const stored = await db
      .selectFrom('intents')
      .select('id')
      .where('registry', '=', context.registry)
      .where('name', '=', awaited.name)
      .where('version', '=', awaited.version)
      .where('state', '=', 'stored')
      .executeTakeFirst();
    if (stored !== undefined) await settleArrived(context, db, [awaited]);
  }
}

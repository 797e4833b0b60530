import type { PackageResult, Waiting } from '../../../domain/job/report.ts';
import { isOf, type JobOutcome, judgeHold, type OpenHold } from '../../../domain/package/hold-ending.ts';
import type { Db, StoreContext } from '../../engine/context.ts';
import { releaseReady, settleArrived } from './release.ts';
import { saySettled } from './say-settled.ts';
import { type HoldRow, settleHold } from './settle.ts';

export interface EndedJob extends JobOutcome {
  readonly repositoryId: number;
  readonly dispatchId: string;
}

/**
 * Updates the holds in the transaction that ends a job: a judged package begins or ends its wait, and packages that
 * waited for a version that the job published are queued.
 */
export async function followJob(context: StoreContext, db: Db, ended: EndedJob): Promise<void> {
  const before = await listOpen(context, db, ended.repositoryId);
  const settled: HoldRow[] = [];
  for (const hold of before) {
    const ending = judgeHold(toOpenHold(hold), ended);
    if (ending === undefined) continue;
    await settleHold(context, db, hold, { ...ending, job: ended.number });
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
  await saySettled(context, db, settled, `settled-by-${ended.number}`);
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

function toOpenHold({ name, version, branch, state, job }: HoldRow): OpenHold {
  return { name, version, branch, releasedTo: state === 'released' ? job : undefined };
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
      // A hold that is already announced keeps its message: a later judgement with the same result adds nothing new.
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

/** Settles waits for versions that another job published after this job looked at the registry. */
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

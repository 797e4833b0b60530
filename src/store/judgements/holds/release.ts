import { byArrival, byPublisher } from '../../../domain/job/actor.ts';
import type { AwaitedVersion } from '../../../domain/job/report.ts';
import { insertAudit } from '../../audit/audit-rows.ts';
import type { Db, StoreContext } from '../../engine/context.ts';
import { insertJob } from '../../jobs/new-job.ts';
import type { HoldRow } from './settle.ts';

/** Ends all waits for these versions, which are on the registry now; returns how many waits ended. */
export async function settleArrived(
  { registry }: StoreContext,
  db: Db,
  versions: readonly AwaitedVersion[],
): Promise<number> {
  let ended = 0;
  for (const { name, version } of versions) {
    const done = await db
      .deleteFrom('awaited_versions')
      .where('name', '=', name)
      .where('version', '=', version)
      .where('hold', 'in', (eb) =>
        eb
          .selectFrom('holds')
          .select('holds.id')
          .where('holds.registry', '=', registry)
          .where('holds.state', '=', 'waiting'),
      )
      .executeTakeFirst();
    ended += Number(done.numDeletedRows);
  }
  return ended;
}

/**
 * Queues a job for each dispatch whose held versions wait for nothing any more, oldest first, in the caller’s
 * transaction: after a kill at any moment, either both the hold and its job exist or neither does. Returns the number
 * of jobs.
 */
export async function releaseReady(context: StoreContext, db: Db): Promise<number> {
  const ready = await db
    .selectFrom('holds')
    .innerJoin('repositories', 'repositories.id', 'holds.repository_id')
    .selectAll('holds')
    .where('holds.state', '=', 'waiting')
    .where('holds.registry', '=', context.registry)
    .where('repositories.status', '=', 'active')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('awaited_versions')
            .select('awaited_versions.hold')
            .whereRef('awaited_versions.hold', '=', 'holds.id'),
        ),
      ),
    )
    .orderBy('holds.id')
    .execute();
  const byDispatch = [...Map.groupBy(ready, (hold) => hold.dispatch_id).values()];
  for (const holds of byDispatch) await release(context, db, holds);
  return byDispatch.length;
}

async function release(context: StoreContext, db: Db, holds: readonly HoldRow[]): Promise<void> {
  const [first] = holds;
  if (first === undefined) return;
  const { allow_lower: allowLower } = await db
    .selectFrom('jobs')
    .select('allow_lower')
    .where('number', '=', first.job)
    .executeTakeFirstOrThrow();
  const job = await insertJob(context, db, {
    dispatchId: first.dispatch_id,
    repositoryId: first.repository_id,
    requestedBy: byArrival,
    allowLower: allowLower === 1,
    everything: false,
    onlyPaths: holds.map(({ path }) => path),
  });
  const facts = { retryOf: first.job };
  await insertAudit(context, db, { action: 'job-queued', actor: byArrival, subject: `#${job}`, facts });
  for (const { id, job: heldBy, name, version } of holds) {
    await db.updateTable('holds').set({ state: 'released', job }).where('id', '=', id).execute();
    const subject = `${name}@${version}`;
    const entry = { action: 'hold-released', actor: byPublisher, subject, facts: { job, heldBy } };
    await insertAudit(context, db, entry);
  }
}

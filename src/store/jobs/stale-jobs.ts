import type { Failure } from '../../domain/failure/failure.ts';
import type { Actor } from '../../domain/job/actor.ts';
import type { StaleJob, StaleJobs } from '../../ports/jobs.ts';
import { type Db, fromJson, type StoreContext } from '../engine/context.ts';
import { listPackageResults } from './job-rows.ts';
import { isNotFollowed } from './not-followed.ts';
import { retryJob } from './retries.ts';

export function buildStaleJobs(context: StoreContext): StaleJobs {
  const { db } = context;
  return {
    list: async (since, actor) => {
      const rows = await selectStale(db, since).execute();
      return Promise.all(rows.map(async (row) => describe(db, row, actor)));
    },
    retry: async (job, by) => db.transaction().execute(async (trx) => retryJob(context, trx, { job, by })),
  };
}

function selectStale(db: Db, since: number) {
  return db
    .selectFrom('jobs')
    .innerJoin('repositories', 'repositories.id', 'jobs.repository_id')
    .select(['jobs.number', 'jobs.dispatch_id', 'jobs.failure'])
    .where('jobs.status', 'in', ['failed', 'partially-failed'])
    .where('repositories.status', '=', 'active')
    .where('finished_at', '>=', since)
    .where(isNotFollowed)
    .orderBy('jobs.number');
}

type StaleRow = Awaited<ReturnType<ReturnType<typeof selectStale>['execute']>>[number];

async function describe(db: Db, { number, dispatch_id, failure }: StaleRow, actor: Actor): Promise<StaleJob> {
  const { tries, last } = await db
    .selectFrom('jobs')
    .select((eb) => [eb.fn.countAll<number>().as('tries'), eb.fn.max('created_at').as('last')])
    .where('dispatch_id', '=', dispatch_id)
    .where('requested_by', '=', actor)
    .executeTakeFirstOrThrow();
  const results = await listPackageResults(db, number);
  const failures = results.flatMap((result) => (result.failure === undefined ? [] : [result.failure]));
  const own = failure === null ? [] : [fromJson<Failure>(failure)];
  const reasons = [...own, ...failures].map(({ reason }) => reason);
  return { job: number, reasons: [...new Set(reasons)], tries, lastTriedAt: last ?? undefined };
}

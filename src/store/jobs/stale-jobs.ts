import type { Failure } from '../../domain/failure/failure.ts';
import type { Actor } from '../../domain/job/actor.ts';
import { failedStatuses } from '../../domain/job/job-status.ts';
import { listReasons } from '../../domain/job/stale-failures.ts';
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
    .where('jobs.status', 'in', failedStatuses)
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
  const own = failure === null ? undefined : fromJson<Failure>(failure);
  return { job: number, reasons: listReasons(own, results), tries, lastTriedAt: last ?? undefined };
}

import { type Expression, type ExpressionBuilder, type RawBuilder, sql } from 'kysely';
import { mostGivenWay } from '../../domain/job/queue-rules.ts';
import type { Job } from '../../domain/job/report.ts';
import type { CommitSha } from '../../domain/repository/repository.ts';
import type { WaitingJob } from '../../ports/jobs.ts';
import type { Db } from '../engine/context.ts';
import type { Schema } from '../engine/schema.ts';

/** Number of waiting jobs that are looked at. */
const mostWaiting = 1_000;

/** The place in the queue of a row of `jobs` under this alias. No two jobs share one. */
export function turnOf(alias: 'jobs' | 'queued' | 'earlier'): RawBuilder<number> {
  return sql<number>`coalesce(${sql.ref(`${alias}.turn`)}, ${sql.ref(`${alias}.number`)})`;
}

/** Selects the first queued job of each repository that has no running job; only these jobs may run. */
export function selectHeads(db: Db) {
  return db
    .selectFrom('jobs')
    .where(turnOf('jobs'), 'in', (eb) =>
      eb
        .selectFrom('jobs as queued')
        .where('queued.status', '=', 'queued')
        .groupBy('queued.repository_id')
        .select((inner) => inner.fn.min(turnOf('queued')).as('turn')),
    )
    .where('jobs.status', '=', 'queued')
    .where((eb) => eb.not(eb.exists(runningSibling(eb))));
}

function runningSibling(eb: ExpressionBuilder<Schema, 'jobs'>): Expression<unknown> {
  return eb
    .selectFrom('jobs as sibling')
    .select('sibling.number')
    .where('sibling.status', '=', 'running')
    .whereRef('sibling.repository_id', '=', 'jobs.repository_id');
}

export async function listWaiting(db: Db, job: Job): Promise<readonly WaitingJob[]> {
  const rows = await db
    .selectFrom('jobs')
    .innerJoin('dispatches', 'dispatches.id', 'jobs.dispatch_id')
    .select(['jobs.number', 'dispatches.commit_sha'])
    .where('jobs.status', '=', 'queued')
    .where('jobs.repository_id', '=', job.repositoryId)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('jobs as own')
          .select('own.number')
          .where('own.number', '=', job.number)
          .where('own.gave_way', '<', mostGivenWay),
      ),
    )
    .orderBy(turnOf('jobs'))
    .limit(mostWaiting)
    .execute();
  return rows.map((row) => ({ number: row.number, commit: row.commit_sha as CommitSha }));
}

/**
 * Queues `job` behind the jobs of `ahead` that still wait, inside the caller’s transaction: they share the places that
 * they hold, and `job` gets the last of them. All other jobs keep theirs.
 */
export async function placeBehind(db: Db, job: Job, ahead: readonly number[]): Promise<void> {
  const rows = await db
    .selectFrom('jobs')
    .select(['number', turnOf('jobs').as('turn')])
    .where('status', '=', 'queued')
    .where('repository_id', '=', job.repositoryId)
    .where('number', 'in', [...ahead, job.number])
    .execute();
  const waiting = new Set(rows.map((row) => row.number));
  const places = rows.map((row) => row.turn).toSorted((one, other) => one - other);
  const order = [...ahead.filter((number) => waiting.has(number)), job.number];
  for (const [index, number] of order.entries()) {
    await db
      .updateTable('jobs')
      .set({ turn: places[index] ?? number })
      .where('number', '=', number)
      .execute();
  }
  await db
    .updateTable('jobs')
    .set((eb) => ({ gave_way: eb('gave_way', '+', 1) }))
    .where('number', '=', job.number)
    .execute();
}

import { sql } from 'kysely';
import { hasFailed } from '../../domain/job/job-status.ts';
import type { JobStatus } from '../../domain/job/report.ts';
import type { DayStatistics, Statistics } from '../../ports/jobs.ts';
import type { Db, StoreContext } from '../engine/context.ts';
import type { Schema } from '../engine/schema.ts';

const dayMs = 86_400_000;

export function buildStatistics({ db }: StoreContext): Statistics {
  return {
    listDays: async (from, to) => {
      const rows = await db
        .selectFrom('daily_statistics')
        .selectAll()
        .where('day', '>=', from)
        .where('day', '<=', to)
        .execute();
      const known = new Map(rows.map((row) => [row.day, row]));
      return listDayNames(from, to).map((day) => toDay(day, known.get(day) ?? quietDay));
    },
  };
}

const quietDay = { jobs: 0, failed_jobs: 0, published: 0, failed: 0, median_ms: null, slowest_ms: null };

function toDay(day: string, row: Omit<Schema['daily_statistics'], 'day'>): DayStatistics {
  return {
    day,
    jobs: row.jobs,
    failedJobs: row.failed_jobs,
    published: row.published,
    failed: row.failed,
    medianMs: row.median_ms ?? undefined,
    slowestMs: row.slowest_ms ?? undefined,
  };
}

function listDayNames(from: string, to: string): readonly string[] {
  const first = Date.parse(from);
  const count = Math.floor((Date.parse(to) - first) / dayMs) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => nameDay(first + index * dayMs));
}

function nameDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/**
 * Adds an ended job to the statistics of its day, inside the transaction that ends it and after its row was updated.
 */
export async function countEnd(db: Db, job: number, at: number): Promise<void> {
  const { status } = await db
    .selectFrom('jobs')
    .select('status')
    .where('number', '=', job)
    .executeTakeFirstOrThrow();
  const { published, failed } = await db
    .selectFrom('package_states')
    .select((eb) => [
      eb.fn.countAll<number>().filterWhere('state', '=', 'published').as('published'),
      eb.fn.countAll<number>().filterWhere('state', '=', 'failed').as('failed'),
    ])
    .where('job', '=', job)
    .executeTakeFirstOrThrow();
  const isFailed = hasFailed(status as JobStatus) ? 1 : 0;
  const times = await measureDay(db, at);
  await db
    .insertInto('daily_statistics')
    .values({ day: nameDay(at), jobs: 1, failed_jobs: isFailed, published, failed, ...times })
    .onConflict((conflict) =>
      conflict.column('day').doUpdateSet((eb) => ({
        jobs: eb('daily_statistics.jobs', '+', 1),
        failed_jobs: eb('daily_statistics.failed_jobs', '+', isFailed),
        published: eb('daily_statistics.published', '+', published),
        failed: eb('daily_statistics.failed', '+', failed),
        ...times,
      })),
    )
    .execute();
}

interface DayTimes {
  readonly median_ms: number | null;
  readonly slowest_ms: number | null;
}

/**
 * Measures a day’s times. Repeats the condition of the index `jobs_that_published`, which holds the times of a day in
 * order.
 */
async function measureDay(db: Db, at: number): Promise<DayTimes> {
  const day = Math.floor(at / dayMs);
  const ofDay = sql`from jobs where status in ('published','partially-failed') and finished_at / 86400000 = ${day}`;
  const { rows } = await sql<DayTimes>`
    with many as (select count(*) as total ${ofDay})
    select
      (select cast(round(avg(ms)) as integer) from (
        select finished_at - created_at as ms ${ofDay} order by finished_at - created_at
        limit (select 2 - total % 2 from many) offset (select (total - 1) / 2 from many))) as median_ms,
      (select max(finished_at - created_at) ${ofDay}) as slowest_ms`.execute(db);
  return rows[0] ?? { median_ms: null, slowest_ms: null };
}

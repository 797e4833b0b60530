import { type Failure, failure, type Neighbour, type Outage } from '../../domain/failure/failure.ts';
import { failureOfOutage } from '../../domain/failure/outage-failure.ts';
import { byPublisher } from '../../domain/job/actor.ts';
import { findCrashFailure } from '../../domain/job/queue-rules.ts';
import type { Slug } from '../../domain/repository/repository.ts';
import type { JobKeeper } from '../../ports/jobs.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import type { Db, StoreContext } from '../engine/context.ts';
import { endUnrun, type JobRow } from './job-rows.ts';
import { notWaiting } from './new-job.ts';

export function buildKeeper(context: StoreContext): JobKeeper {
  const { db } = context;
  const inTransaction = async <T>(work: (trx: Db) => Promise<T>): Promise<T> =>
    db.transaction().execute(work);
  return {
    recover: async (maxCrashes) => inTransaction(async (trx) => recover(context, trx, maxCrashes)),
    listParked: async () => listParked(db),
    resume: async (neighbour) => inTransaction(async (trx) => resume(context, trx, neighbour)),
    failParked: async (before) => inTransaction(async (trx) => failParked(context, trx, before)),
    cancelQueued: async (job, by) => inTransaction(async (trx) => cancelQueued(context, trx, job, by)),
    countDepth: async () => countDepth(db),
  };
}

async function resume(context: StoreContext, db: Db, neighbour: Neighbour): Promise<number> {
  const resumed = await db
    .updateTable('jobs')
    .set(notWaiting)
    .where('status', '=', 'queued')
    .where('waiting_for', '=', neighbour)
    .returning('number')
    .execute();
  for (const { number } of resumed) {
    const entry = { action: 'job-resumed', actor: byPublisher, subject: `#${number}`, facts: { neighbour } };
    await insertAudit(context, db, entry);
  }
  return resumed.length;
}

async function recover(context: StoreContext, db: Db, maxCrashes: number): Promise<readonly number[]> {
  const left = await db.selectFrom('jobs').selectAll().where('status', '=', 'running').execute();
  const goOn: number[] = [];
  for (const job of left) {
    const crashes = job.crashes + 1;
    await db
      .updateTable('attempts')
      .set({ ended_at: context.clock.now(), ended_as: 'crashed' })
      .where('job', '=', job.number)
      .where('ended_at', 'is', null)
      .execute();
    await db
      .updateTable('jobs')
      .set({ status: 'queued', crashes, not_before: 0, ...notWaiting })
      .where('number', '=', job.number)
      .execute();
    const entry = { action: 'job-recovered', actor: byPublisher, subject: `#${job.number}` };
    await insertAudit(context, db, { ...entry, facts: { crashes } });
    const why = findCrashFailure(crashes, maxCrashes);
    if (why === undefined) goOn.push(job.number);
    else await endUnrun(context, db, job, why);
  }
  return goOn;
}

async function listParked(db: Db): ReturnType<JobKeeper['listParked']> {
  const rows = await db
    .selectFrom('jobs')
    .innerJoin('repositories', 'repositories.id', 'jobs.repository_id')
    .selectAll('jobs')
    .select('slug')
    .where('jobs.status', '=', 'queued')
    .where('waiting_for', 'is not', null)
    .orderBy('number')
    .execute();
  return rows.map((row) => ({
    number: row.number,
    slug: row.slug as Slug,
    neighbour: row.waiting_for as Neighbour,
    outage: row.waiting_kind as Outage['kind'],
    detail: row.waiting_detail ?? '',
    since: row.parked_since ?? row.created_at,
  }));
}

async function failParked(context: StoreContext, db: Db, before: number): Promise<number> {
  const rows = await db
    .selectFrom('jobs')
    .selectAll()
    .where('status', '=', 'queued')
    .where('waiting_for', 'is not', null)
    .where('parked_since', '<=', before)
    .execute();
  for (const job of rows) await endUnrun(context, db, job, failureOfParking(job));
  return rows.length;
}

function failureOfParking(job: JobRow): Failure {
  return failureOfOutage({
    neighbour: job.waiting_for as Neighbour,
    kind: job.waiting_kind as Outage['kind'],
    detail: job.waiting_detail ?? '',
    since: job.parked_since ?? job.created_at,
  });
}

async function cancelQueued(context: StoreContext, db: Db, number: number, by: string): Promise<boolean> {
  const job = await db
    .selectFrom('jobs')
    .selectAll()
    .where('number', '=', number)
    .where('status', '=', 'queued')
    .executeTakeFirst();
  if (job === undefined) return false;
  const asked = { action: 'job-cancelled', actor: by, subject: `#${number}`, facts: {} };
  await insertAudit(context, db, asked);
  await endUnrun(context, db, job, failure('cancelled', { by: context.redact(by) }));
  return true;
}

async function countDepth(db: Db): ReturnType<JobKeeper['countDepth']> {
  const row = await db
    .selectFrom('jobs')
    .select((eb) => [
      eb.fn.countAll<number>().filterWhere('status', '=', 'queued').as('queued'),
      eb.fn.countAll<number>().filterWhere('status', '=', 'running').as('running'),
      eb.fn.count<number>('waiting_for').as('parked'),
    ])
    .where('status', 'in', ['queued', 'running'])
    .executeTakeFirstOrThrow();
  return row;
}

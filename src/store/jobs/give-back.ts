import type { Job } from '../../domain/job/report.ts';
import type { GiveBack } from '../../ports/jobs.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import type { Db, StoreContext } from '../engine/context.ts';
import { notWaiting } from './new-job.ts';
import { placeBehind } from './turns.ts';

const auditedAs: Readonly<Record<GiveBack['kind'], string>> = {
  retry: 'job-postponed',
  visibility: 'job-awaits-registry',
  parked: 'job-parked',
  released: 'job-released',
  'gave-way': 'job-gave-way',
};

/** Inside the caller's transaction: the attempt ends, the job is queued again. */
export async function giveBack(context: StoreContext, db: Db, job: Job, how: GiveBack): Promise<void> {
  const now = context.clock.now();
  const isSpent = how.kind === 'retry';
  const parked =
    how.kind === 'parked'
      ? { waiting_for: how.neighbour, waiting_kind: how.outage, waiting_detail: how.detail }
      : notWaiting;
  await closeAttempt(db, job, how.kind, now);
  await db
    .updateTable('jobs')
    .set((eb) => ({
      status: 'queued',
      ...(isSpent ? {} : { attempts: eb('attempts', '-', 1) }),
      not_before: 'notBefore' in how ? how.notBefore : 0,
      ...parked,
      parked_since: how.kind === 'parked' ? eb.fn.coalesce('parked_since', eb.val(now)) : null,
    }))
    .where('number', '=', job.number)
    .execute();
  if (how.kind === 'gave-way') await placeBehind(db, job, how.to);
  const { kind, ...facts } = how;
  const entry = { action: auditedAs[kind], actor: 'publisher', subject: `#${job.number}` };
  await insertAudit(context, db, { ...entry, facts: { attempt: job.attempt, ...facts } });
}

export async function closeAttempt(db: Db, job: Job, as: string, now: number): Promise<void> {
  await db
    .updateTable('attempts')
    .set({ ended_at: now, ended_as: as })
    .where('job', '=', job.number)
    .where('ended_at', 'is', null)
    .execute();
}

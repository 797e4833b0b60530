import { byPublisher } from '../../domain/job/actor.ts';
import { auditedAs, type GiveBack, spendsAttempt } from '../../domain/job/give-back.ts';
import type { Job } from '../../domain/job/report.ts';
import { insertAudit } from '../audit/audit-rows.ts';
import type { Db, StoreContext } from '../engine/context.ts';
import { notWaiting } from './new-job.ts';
import { placeBehind } from './turns.ts';

/** Ends the attempt and queues its job again, inside the caller’s transaction. */
export async function giveBack(context: StoreContext, db: Db, job: Job, how: GiveBack): Promise<void> {
  const now = context.clock.now();
  const parked =
    how.kind === 'parked'
      ? { waiting_for: how.neighbour, waiting_kind: how.outage, waiting_detail: how.detail }
      : notWaiting;
  await closeAttempt(db, job, how.kind, now);
  await db
    .updateTable('jobs')
    .set((eb) => ({
      status: 'queued',
      ...(spendsAttempt(how) ? {} : { attempts: eb('attempts', '-', 1) }),
      not_before: 'notBefore' in how ? how.notBefore : 0,
      ...parked,
      parked_since: how.kind === 'parked' ? eb.fn.coalesce('parked_since', eb.val(now)) : null,
    }))
    .where('number', '=', job.number)
    .execute();
  if (how.kind === 'gave-way') await placeBehind(db, job, how.to);
  const { kind: _, ...facts } = how;
  const entry = { action: auditedAs(how), actor: byPublisher, subject: `#${job.number}` };
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

import { notFound } from './answers.ts';
import type { OperationsDeps } from './deps.ts';
import type { Actor, Operations } from './operations.ts';

/** A queued job is over at once; a running one is asked to end. */
export async function cancel(deps: OperationsDeps, job: number, by: Actor): ReturnType<Operations['cancel']> {
  // Between the two looks a job may have been claimed, or given back.
  for (const isLastLook of [false, true]) {
    if (await deps.keeper.cancelQueued(job, by)) return { kind: 'cancelled', status: 'cancelled' };
    const found = await deps.jobs.findJob(job);
    if (found === undefined) return notFound('job', `#${job}`, []);
    const { status } = found.report;
    if (status === 'running' && deps.cancelRunning?.(job) === true) {
      await deps.audit.append({ action: 'job-cancel-asked', actor: by, subject: `#${job}`, facts: {} });
      return { kind: 'cancelling', status };
    }
    if (isLastLook || status !== 'queued') return { kind: 'over', status };
  }
  throw new Error('a job was neither queued nor over');
}

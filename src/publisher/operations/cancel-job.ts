import type { Actor } from '../../domain/job/actor.ts';
import type { CancelResult } from '../../ports/jobs.ts';
import type { Uses } from './core.ts';

export type CancelJobDeps = Uses<{
  audit: 'log';
  jobs: 'cancelRunning' | 'keeper' | 'onChange';
  packages: 'holds';
}>;

/**
 * Cancels a job wherever it is: in the queue, in the middle of its run, or over with versions that it holds. Audited; what
 * was published stays published.
 */
export async function cancelJob(deps: CancelJobDeps, job: number, by: Actor): Promise<CancelResult> {
  const result = await cancelWherever(deps, job, by);
  const facts = { result: result.kind };
  await deps.audit.log.append({ action: 'job-cancel-asked', actor: by, subject: `#${job}`, facts });
  if (result.kind === 'cancelled' || result.kind === 'no-longer-waits') deps.jobs.onChange();
  return result;
}

async function cancelWherever(
  { jobs: { cancelRunning, keeper }, packages }: CancelJobDeps,
  job: number,
  by: Actor,
): Promise<CancelResult> {
  if (cancelRunning(job, by)) return { kind: 'stopping' };
  if (await keeper.cancelQueued(job, by)) return { kind: 'cancelled' };
  // It may have been claimed between the two.
  if (cancelRunning(job, by)) return { kind: 'stopping' };
  const count = await packages.holds.cancel(job, by);
  return count > 0 ? { kind: 'no-longer-waits', count } : { kind: 'over' };
}

import type { AuditLog } from '../../ports/audit.ts';
import type { CancelResult, JobCancels, JobKeeper } from '../../ports/jobs.ts';
import type { Holds } from '../../ports/judgements.ts';
import type { Worker } from './worker.ts';

export interface CancelDeps {
  readonly worker: Pick<Worker, 'cancel'>;
  readonly keeper: Pick<JobKeeper, 'cancelQueued'>;
  readonly holds: Pick<Holds, 'cancel'>;
  readonly audit: Pick<AuditLog, 'append'>;
  /** Called when something may have been announced. */
  readonly onCancelled: () => void;
}

/** Cancels a job wherever it is: in the queue, in the middle of its run, or finished with versions that it holds. */
export function buildCancels(deps: CancelDeps): JobCancels {
  return {
    cancel: async (job, by) => {
      const result = await cancelWherever(deps, job, by);
      const facts = { result: result.kind };
      await deps.audit.append({ action: 'job-cancel-asked', actor: by, subject: `#${job}`, facts });
      if (result.kind === 'cancelled' || result.kind === 'no-longer-waits') deps.onCancelled();
      return result;
    },
  };
}

async function cancelWherever(
  { holds, keeper, worker }: CancelDeps,
  job: number,
  by: string,
): Promise<CancelResult> {
  if (worker.cancel(job, by)) return { kind: 'stopping' };
  if (await keeper.cancelQueued(job, by)) return { kind: 'cancelled' };
  // The job may have been claimed between the two checks.
  if (worker.cancel(job, by)) return { kind: 'stopping' };
  const count = await holds.cancel(job, by);
  return count > 0 ? { kind: 'no-longer-waits', count } : { kind: 'over' };
}

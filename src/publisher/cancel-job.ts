import type { AuditLog } from '../ports/audit-log.ts';
import type { CancelResult, JobCancels } from '../ports/job-cancels.ts';
import type { JobKeeper } from '../ports/job-keeper.ts';
import type { Worker } from './worker.ts';

export interface CancelDeps {
  readonly worker: Pick<Worker, 'cancel'>;
  readonly keeper: Pick<JobKeeper, 'cancelQueued'>;
  readonly audit: Pick<AuditLog, 'append'>;
  /** Something may have been announced. */
  readonly onCancelled: () => void;
}

/** Cancels a job wherever it is: in the queue, or in the middle of its run. */
export function buildCancels(deps: CancelDeps): JobCancels {
  return {
    cancel: async (job, by) => {
      const result = await cancelWherever(deps, job, by);
      const facts = { result: result.kind };
      await deps.audit.append({ action: 'job-cancel-asked', actor: by, subject: `#${job}`, facts });
      if (result.kind === 'cancelled') deps.onCancelled();
      return result;
    },
  };
}

async function cancelWherever(
  { worker, keeper }: CancelDeps,
  job: number,
  by: string,
): Promise<CancelResult> {
  if (worker.cancel(job, by)) return { kind: 'stopping' };
  if (await keeper.cancelQueued(job, by)) return { kind: 'cancelled' };
  // It may have been claimed between the two.
  return worker.cancel(job, by) ? { kind: 'stopping' } : { kind: 'over' };
}

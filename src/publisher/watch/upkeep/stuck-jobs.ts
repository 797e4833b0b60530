import type { Trouble } from '../../../domain/failure/trouble.ts';
import type { LiveJob } from '../../../domain/job/work-summary.ts';

/** How far a running job may be over its deadline, which should have ended it. */
const overDeadlineMs = 5 * 60_000;
const queuedMaxMs = 60 * 60_000;

/**
 * Finds jobs that run or wait for far longer than anything explains: they are neither parked nor waiting for a time
 * or for an earlier job of their repository. Pure.
 */
export function findStuck(
  live: readonly LiveJob[],
  { now, deadlineMs }: { readonly now: number; readonly deadlineMs: number },
): readonly Extract<Trouble, { kind: 'stuck-job' }>[] {
  const busy = new Set<number>();
  return live.flatMap((job) => {
    const isBehind = busy.has(job.repositoryId);
    busy.add(job.repositoryId);
    const maxMs = job.status === 'running' ? deadlineMs + overDeadlineMs : queuedMaxMs;
    const isExplained = job.waitingFor !== null || isBehind;
    if (isExplained || now - job.since <= maxMs) return [];
    const { job: number, repository, status, since } = job;
    return [{ kind: 'stuck-job' as const, job: number, repository, status, since }];
  });
}

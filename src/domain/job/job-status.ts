import type { JobStatus } from './report.ts';

/** Statuses that are not final yet. */
export const aliveStatuses: readonly JobStatus[] = ['queued', 'running'];

/** Final statuses of jobs in which something went wrong. */
export const failedStatuses: readonly JobStatus[] = ['failed', 'partially-failed'];

/** Final statuses of jobs that published something. */
export const publishingStatuses: readonly JobStatus[] = ['published', 'partially-failed'];

export function hasFailed(status: JobStatus): boolean {
  return failedStatuses.includes(status);
}

/** Whether the status alone lets a person queue the dispatch again; a job with held versions may be retried as well. */
export function isRetryable(status: JobStatus): boolean {
  return hasFailed(status) || status === 'cancelled';
}

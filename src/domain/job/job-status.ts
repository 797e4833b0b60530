import type { JobStatus } from './report.ts';

/** Not final yet. */
export const aliveStatuses: readonly JobStatus[] = ['queued', 'running'];

/** Final, and something went wrong. */
export const failedStatuses: readonly JobStatus[] = ['failed', 'partially-failed'];

/** Final, and something was published. */
export const publishingStatuses: readonly JobStatus[] = ['published', 'partially-failed'];

export function hasFailed(status: JobStatus): boolean {
  return failedStatuses.includes(status);
}

/** Whether a person may queue its dispatch again because of the status alone; what is held may be retried as well. */
export function isRetryable(status: JobStatus): boolean {
  return hasFailed(status) || status === 'cancelled';
}

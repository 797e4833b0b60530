import { type Failure, failure } from '../failure/failure.ts';
import { aliveStatuses } from './job-status.ts';
import type { DispatchRequest, JobStatus } from './report.ts';

/** How often a job lets others go first; after that it runs, however many ancestors still arrive. */
export const mostGivenWay = 20;

/** Whether the newest job of a dispatch does, or did, what is asked for now. */
export function coversRequest(
  newest: { readonly status: JobStatus; readonly everything: boolean },
  request: Pick<DispatchRequest, 'everything'>,
): boolean {
  const isAlive = aliveStatuses.includes(newest.status);
  // A package that was excluded or refused when everything was judged may be publishable by now.
  if (request.everything === true) return isAlive && newest.everything;
  return isAlive || newest.status === 'published';
}

/** Returns the failure of a job that died with the process too often to run again; undefined while it may run. */
export function findCrashFailure(crashes: number, maxCrashes: number): Failure | undefined {
  return crashes < maxCrashes ? undefined : failure('interrupted-by-restart', { crashes });
}

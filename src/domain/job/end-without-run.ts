import { announceJob, type JobFinished } from '../announcement/announcement.ts';
import type { Failure } from '../failure/failure.ts';
import { deriveFailedStatus } from './package-result.ts';
import type { JobStatus, PackageResult } from './report.ts';

/** A job that no run will end any more: it crashed, was given up or cancelled. Times are epoch milliseconds. */
export interface AbandonedJob {
  readonly job: number;
  readonly dispatchId: string;
  readonly repository: string;
  readonly commit: string;
  readonly commitAuthor: string | undefined;
  readonly requestedBy: string;
  readonly beganAt: number;
  readonly endedAt: number;
}

export interface EndWithoutRun {
  readonly status: JobStatus;
  readonly announcement: JobFinished;
}

/** Returns how the job ends and what is announced; `results` are those of its earlier attempts. */
export function endWithoutRun(
  { beganAt, endedAt, ...job }: AbandonedJob,
  failure: Failure,
  results: readonly PackageResult[],
): EndWithoutRun {
  const status = deriveFailedStatus(failure, results);
  const announcement = announceJob({
    ...job,
    about: null,
    status,
    failure,
    results,
    earlier: new Map(),
    durationMs: endedAt - beganAt,
    finishedAt: endedAt,
  });
  return { status, announcement };
}

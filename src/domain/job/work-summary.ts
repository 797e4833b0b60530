import type { RepositoryId } from '../repository/repository.ts';
import type { JobStatus } from './report.ts';

/** A job that is not over. */
export interface LiveJob {
  readonly job: number;
  readonly repositoryId: RepositoryId;
  readonly repository: string;
  readonly status: Extract<JobStatus, 'queued' | 'running'>;
  /** A neighbour, or what else the job waits for; null when nothing is known to hold it. */
  readonly waitingFor: string | null;
  /** Epoch milliseconds at which its attempt began, or since when it could have begun. */
  readonly since: number;
}

/** Jobs that ended within some time. */
export interface WorkSummary {
  readonly ended: number;
  /** Jobs that failed in part or as a whole. */
  readonly failed: number;
  /** Of the jobs that published, the one that took longest from acceptance to the end. */
  readonly slowest:
    | { readonly job: number; readonly repository: string; readonly durationMs: number }
    | undefined;
}

/** One version that was published. */
export interface PublishedLine {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
  readonly job: number;
}

export interface UnsentMessages {
  readonly count: number;
  /** Epoch milliseconds; undefined when there is none. */
  readonly since: number | undefined;
  /** Why the oldest message was not posted. */
  readonly detail: string | undefined;
}

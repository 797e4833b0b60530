import type { Announcement } from '../domain/announcement.ts';
import type { Failure, Neighbour, Outage } from '../domain/failure.ts';
import type { DispatchRequest, Job, JobStatus, PackageResult } from '../domain/report.ts';
import type { CommitSha } from '../domain/repository.ts';

export interface Acceptance {
  /** The dispatch's unguessable id. */
  readonly id: string;
  readonly job: number;
  readonly status: JobStatus;
  /** True when its job is queued, running or has published. */
  readonly duplicate: boolean;
}

export interface JobEnd {
  readonly status: JobStatus;
  /** Of the job as a whole; packages carry their own. */
  readonly failure: Failure | undefined;
  /** Branch whose commit counts as judged from now on; undefined when it does not (package_path, failure of the dispatch). */
  readonly judgedBranch: string | undefined;
  /** A newer commit was judged already: what is open is open as of that one. */
  readonly isSuperseded?: boolean;
  /** What failed again as it had before: it is said as unchanged and stays open, as of this commit. */
  readonly asBefore?: readonly PackageResult[];
  /** Written to the outbox in the same transaction; undefined when nothing is announced. */
  readonly announcement: Announcement | undefined;
}

/** A job that waits behind a running one of its repository. */
export interface WaitingJob {
  readonly number: number;
  readonly commit: CommitSha;
}

/**
 * Durable queue: one job per repository at a time, in the order of acceptance unless one gives way to others. Each
 * method is one transaction.
 */
export interface JobQueue {
  /** On disk (fsynced) when it resolves. Same (repository, commit, path): same dispatch. */
  accept(request: DispatchRequest): Promise<Acceptance>;
  /** The next job that may run now; its attempt is counted before it is returned. Jobs waiting for one of `down` are passed over. */
  claim(down: readonly Neighbour[]): Promise<Job | undefined>;
  /** Epoch ms of the earliest job that only waits for time and its place; undefined when none does. */
  findNextDueAt(): Promise<number | undefined>;
  /** Ends the attempt and the job: job, attempt, judged commit, audit and outbox in one transaction. */
  finish(job: Job, end: JobEnd): Promise<void>;
  /** Gives the job back: `spent` says whether the attempt counts. */
  giveBack(job: Job, how: GiveBack): Promise<void>;
  /** Fixes the commit the dispatch is compared with. */
  fixBase(job: Job, base: CommitSha | null): Promise<void>;
  /** Jobs of the same repository that wait for this one, first come first; none once it has given way too often. */
  listWaiting(job: Job): Promise<readonly WaitingJob[]>;
}

export type GiveBack =
  /** An automatic attempt later. Counts. */
  | { readonly kind: 'retry'; readonly notBefore: number }
  /** The registry has not shown the version yet. Does not count. */
  | { readonly kind: 'visibility'; readonly notBefore: number }
  /** A neighbour is down. Does not count; first parking time is kept. */
  | {
      readonly kind: 'parked';
      readonly neighbour: Neighbour;
      readonly outage: Outage['kind'];
      readonly detail: string;
    }
  /** The process stops. Does not count. */
  | { readonly kind: 'released' }
  /** These jobs of the repository run first, in this order, in the places that they and this job hold. Does not count. */
  | { readonly kind: 'gave-way'; readonly to: readonly number[] };

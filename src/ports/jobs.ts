import type { Announcement } from '../domain/announcement/announcement.ts';
import type { DayStatistics } from '../domain/announcement/day-statistics.ts';
import type { Failure, Neighbour, Outage } from '../domain/failure/failure.ts';
import type { Actor } from '../domain/job/actor.ts';
import type { GiveBack } from '../domain/job/give-back.ts';
import type { JobLine, PublishLine } from '../domain/job/job-line.ts';
import type { OpenFailure } from '../domain/job/open-failure.ts';
import type { DispatchRequest, Job, JobReport, JobStatus, PackageResult } from '../domain/job/report.ts';
import type { LiveJob, PublishedLine, UnsentMessages, WorkSummary } from '../domain/job/work-summary.ts';
import type { CommitSha, RepositoryId, RepositoryStatus, Slug } from '../domain/repository/repository.ts';
import type { AuditEntry } from './audit.ts';

export interface Acceptance {
  /** Unguessable id of the dispatch. */
  readonly id: string;
  readonly job: number;
  readonly status: JobStatus;
  /** True when the dispatch already has a job that is queued, running or has published. */
  readonly duplicate: boolean;
}

export interface JobEnd {
  readonly status: JobStatus;
  /** Failure of the job as a whole; packages carry their own. */
  readonly failure: Failure | undefined;
  /**
   * The branch on which the commit now counts as judged; undefined when it does not (package_path, failure of the
   * dispatch).
   */
  readonly judgedBranch: string | undefined;
  /**
   * True when a newer commit was already judged: this job then opens nothing and closes only packages of its own
   * commit.
   */
  readonly isSuperseded?: boolean;
  /** Packages that failed in the same way as before: stored as unchanged, and still open, now at this commit. */
  readonly asBefore?: readonly PackageResult[];
  /** Written to the outbox in the same transaction; undefined when nothing is announced. */
  readonly announcement: Announcement | undefined;
}

/** A job that waits behind a running job of its repository. */
export interface WaitingJob {
  readonly number: number;
  readonly commit: CommitSha;
}

/**
 * The durable job queue: one job per repository at a time, in order of acceptance unless a job gives way to others.
 * Each method is one transaction.
 */
export interface JobQueue {
  /**
   * The job is on disk (fsynced) when the promise resolves. The same repository, commit and path are the same dispatch.
   */
  accept(request: DispatchRequest): Promise<Acceptance>;
  /**
   * Returns the next job that may run now; its attempt is counted before it is returned. Jobs waiting for a neighbour
   * of `down` are skipped.
   */
  claim(down: readonly Neighbour[]): Promise<Job | undefined>;
  /** Epoch milliseconds of the earliest job that waits only for its time and its turn; undefined when there is none. */
  findNextDueAt(): Promise<number | undefined>;
  /** Ends the attempt and the job, with judged commit, audit and outbox, in one transaction. */
  finish(job: Job, end: JobEnd): Promise<void>;
  /** Puts the job back into the queue: `spent` says whether the attempt counts. */
  giveBack(job: Job, how: GiveBack): Promise<void>;
  /** Fixes the base commit that the dispatch is compared with. */
  fixBase(job: Job, base: CommitSha | null): Promise<void>;
  /**
   * Returns the jobs of the same repository that wait for this one, in order of acceptance; none once this job has
   * given way too often.
   */
  listWaiting(job: Job): Promise<readonly WaitingJob[]>;
}

export interface ParkedJob {
  readonly number: number;
  readonly slug: Slug;
  readonly neighbour: Neighbour;
  readonly outage: Outage['kind'];
  readonly detail: string;
  /** Epoch milliseconds of the first time the job was parked. */
  readonly since: number;
}

export interface QueueDepth {
  readonly queued: number;
  readonly running: number;
  readonly parked: number;
}

/** Changes to jobs from outside a run: by the start, by outages and by people. Each method is one transaction. */
export interface JobKeeper {
  /**
   * Called at start: running attempts of a dead process become crashed; a job with `maxCrashes` crashed attempts fails
   * (with its announcement). Returns the numbers of the jobs put back.
   */
  recover(maxCrashes: number): Promise<readonly number[]>;
  listParked(): Promise<readonly ParkedJob[]>;
  /** Makes all jobs parked for this neighbour runnable, and returns how many. */
  resume(neighbour: Neighbour): Promise<number>;
  /** Fails the jobs parked since before `before`, so that a person looks at them, and returns how many. */
  failParked(before: number): Promise<number>;
  /** Cancels a queued job; false when the job is running or final. */
  cancelQueued(job: number, by: string): Promise<boolean>;
  countDepth(): Promise<QueueDepth>;
}

export type CancelResult =
  /** The job was queued and is now cancelled. */
  | { readonly kind: 'cancelled' }
  /** The job is running and ends as cancelled as soon as it can; an upload already under way may still be stored. */
  | { readonly kind: 'stopping' }
  /** The job was over; `count` versions that it held no longer wait. */
  | { readonly kind: 'no-longer-waits'; readonly count: number }
  /** The job was over, with nothing left to cancel. */
  | { readonly kind: 'over' };

export type RetryResult =
  | { readonly kind: 'queued'; readonly job: number }
  /** A newer job of the same dispatch exists. */
  | {
      readonly kind: 'followed';
      readonly job: number;
      readonly status: JobStatus;
      /** In the form in which jobs record it: `event`, or `discord:` and a user id. */
      readonly requestedBy: string;
    }
  /** The job is still alive, or there is nothing to retry. */
  | { readonly kind: 'not-failed'; readonly status: JobStatus }
  | { readonly kind: 'repository-disabled'; readonly repository: string }
  | { readonly kind: 'unknown' };

export type DismissResult =
  | { readonly kind: 'dismissed' }
  /** `by` in the form in which jobs record who requested them. */
  | { readonly kind: 'already'; readonly by: string }
  | { readonly kind: 'not-failed'; readonly status: JobStatus }
  | { readonly kind: 'unknown' };

export interface FoundJob {
  readonly repository: string;
  readonly commit: string;
  /** `event`, or the person who requested the job. */
  readonly requestedBy: string;
  readonly report: JobReport;
  /** Audit entries of the job, oldest first; only the newest ones when there are many. */
  readonly history: readonly AuditEntry[];
}

/** What people do with finished jobs. Each method is one transaction. */
export interface JobRetries {
  /**
   * Queues a new job of the same dispatch, if this job is its newest and failed; when two people press at once, one
   * wins.
   */
  retry(job: number, by: Actor): Promise<RetryResult>;
  /** Marks the failure as needing no action, so that nobody is reminded of it. Audited. */
  dismiss(job: number, by: Actor): Promise<DismissResult>;
  findJob(job: number): Promise<FoundJob | undefined>;
}

export interface Waiting {
  /** Number of messages that could not be delivered yet. */
  readonly undelivered: number;
  /** Failed jobs without a newer job of their dispatch, newest first. */
  readonly failed: readonly number[];
}

/** Past work, for people who ask; every list is newest first. */
export interface JobHistory {
  /** Jobs of one repository, or of all when undefined. */
  listJobs(repositoryId: RepositoryId | undefined, limit: number): Promise<readonly JobLine[]>;
  /** Jobs that judged this package. */
  listPublishes(name: string, limit: number): Promise<readonly PublishLine[]>;
  /**
   * Returns the job's place in the queue: the number of jobs of the same repository before it, plus one; undefined when
   * it is not queued.
   */
  findPosition(job: number): Promise<number | undefined>;
  countRepositories(): Promise<Readonly<Record<RepositoryStatus, number>>>;
  /** Returns what waits for a person; of the failures, those since `since` (epoch milliseconds), at most `limit`. */
  listWaiting(since: number, limit: number): Promise<Waiting>;
  /** Returns the package names of registered repositories. */
  listPackageNames(): Promise<readonly string[]>;
}

export interface StaleJob {
  readonly job: number;
  /** Failure reasons of the job and of its packages. */
  readonly reasons: readonly string[];
  /** Number of jobs of the dispatch that `actor` requested. */
  readonly tries: number;
  /** Epoch milliseconds of the newest of these tries. */
  readonly lastTriedAt: number | undefined;
}

/** Failed jobs without any follow-up. */
export interface StaleJobs {
  /**
   * Failed jobs of active repositories that ended since `since` (epoch milliseconds) and have no newer job of their
   * dispatch; oldest first.
   */
  list(since: number, actor: Actor): Promise<readonly StaleJob[]>;
  /** Same as the Retry button. */
  retry(job: number, actor: Actor): Promise<RetryResult>;
}

/** Work in progress and work left over, for monitoring. Times are epoch milliseconds. */
export interface OpenWork {
  /** Failures since `since` without a follow-up, oldest first; dismissed ones are marked. */
  listFailures(since: number): Promise<readonly OpenFailure[]>;
  /** Queued and running jobs, in queue order. */
  listLive(): Promise<readonly LiveJob[]>;
  /** Summarizes the jobs that ended from `from` (included) to `to` (excluded). */
  summarize(from: number, to: number): Promise<WorkSummary>;
  /** Versions published by the jobs that ended in that period, in order. */
  listPublished(from: number, to: number): Promise<readonly PublishedLine[]>;
  /** Messages that have been waiting since before `before`. */
  findUnsent(before: number): Promise<UnsentMessages>;
  /** Repositories whose dispatcher failed since `since`, with the number of failures. */
  listFailingDispatchers(since: number): Promise<ReadonlyMap<string, number>>;
}

export type { DayStatistics };

export interface Statistics {
  /** Every day from `from` to `to` (YYYY-MM-DD, both included), oldest first; days without activity are zeros. */
  listDays(from: string, to: string): Promise<readonly DayStatistics[]>;
}

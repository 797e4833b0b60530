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
  /** True if the dispatch already has a job that is queued, is running or has published. */
  readonly duplicate: boolean;
}

export interface JobEnd {
  readonly status: JobStatus;
  /** The failure of the job as a whole; packages have their own failures. */
  readonly failure: Failure | undefined;
  /**
   * The branch on which the commit counts as judged from now on; undefined if the commit does not count as judged
   * (package_path, or failure of the dispatch).
   */
  readonly judgedBranch: string | undefined;
  /**
   * True if a newer commit was judged already; the job then opens no packages and closes only those of its own commit.
   */
  readonly isSuperseded?: boolean;
  /** Results that failed again as before: they are reported as unchanged, but stay open at this commit. */
  readonly asBefore?: readonly PackageResult[];
  /** Written to the outbox in the same transaction; undefined if nothing is announced. */
  readonly announcement: Announcement | undefined;
}

/** A job that waits behind a running job of its repository. */
export interface WaitingJob {
  readonly number: number;
  readonly commit: CommitSha;
}

/**
 * Durable queue: one job per repository at a time, in the order of acceptance unless a job lets others go first. Each
 * method is one transaction.
 */
export interface JobQueue {
  /**
   * The job is on disk (fsynced) when the promise resolves. The same repository, commit and path are the same dispatch.
   */
  accept(request: DispatchRequest): Promise<Acceptance>;
  /**
   * Returns the next job that may run now, with its new attempt already counted. Jobs that wait for a neighbour in
   * `down` are skipped.
   */
  claim(down: readonly Neighbour[]): Promise<Job | undefined>;
  /**
   * Returns when the next job is due (epoch milliseconds), among the jobs that wait only for time and for their turn;
   * undefined if there is none.
   */
  findNextDueAt(): Promise<number | undefined>;
  /** Ends the attempt and the job. Job, attempt, judged commit, audit and outbox are written in one transaction. */
  finish(job: Job, end: JobEnd): Promise<void>;
  /** Puts the job back into the queue. The kind of `how` decides whether the attempt counts. */
  giveBack(job: Job, how: GiveBack): Promise<void>;
  /** Saves the commit with which the dispatch is compared. */
  fixBase(job: Job, base: CommitSha | null): Promise<void>;
  /**
   * Lists queued jobs of the same repository, in the order of the queue; empty if the job has already let others go
   * first too often.
   */
  listWaiting(job: Job): Promise<readonly WaitingJob[]>;
}

export interface ParkedJob {
  readonly number: number;
  readonly slug: Slug;
  readonly neighbour: Neighbour;
  readonly outage: Outage['kind'];
  readonly detail: string;
  /** Epoch milliseconds; when the job was first parked. */
  readonly since: number;
}

export interface QueueDepth {
  readonly queued: number;
  readonly running: number;
  readonly parked: number;
}

/**
 * Changes to jobs from outside a run: at start, for outages and on request of people. Each method is one transaction.
 */
export interface JobKeeper {
  /**
   * At start, marks the running attempts of a dead process as crashed. A job with `maxCrashes` crashes fails, with its
   * announcement. Returns the numbers of the jobs that were put back into the queue.
   */
  recover(maxCrashes: number): Promise<readonly number[]>;
  listParked(): Promise<readonly ParkedJob[]>;
  /** Makes all jobs parked for the neighbour runnable. Returns their number. */
  resume(neighbour: Neighbour): Promise<number>;
  /** Fails the jobs that were parked at `before` or earlier, so that a person is asked. Returns their number. */
  failParked(before: number): Promise<number>;
  /** Cancels a queued job. Returns false if the job is running or has ended. */
  cancelQueued(job: number, by: string): Promise<boolean>;
  countDepth(): Promise<QueueDepth>;
}

export type CancelResult =
  /** The job was queued and is cancelled now. */
  | { readonly kind: 'cancelled' }
  /** The job is running and ends as cancelled as soon as possible; an upload that has started may still land. */
  | { readonly kind: 'stopping' }
  /** The job had ended before; `count` is the number of its held versions that no longer wait. */
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
      /** Who asked, as stored with jobs: `event`, or `discord:` and a user's id. */
      readonly requestedBy: string;
    }
  /** The job has not ended, or there is nothing to retry. */
  | { readonly kind: 'not-failed'; readonly status: JobStatus }
  | { readonly kind: 'repository-disabled'; readonly repository: string }
  | { readonly kind: 'unknown' };

export type DismissResult =
  | { readonly kind: 'dismissed' }
  /** The failure was dismissed before; `by` names the person in the form in which jobs store who asked for them. */
  | { readonly kind: 'already'; readonly by: string }
  | { readonly kind: 'not-failed'; readonly status: JobStatus }
  | { readonly kind: 'unknown' };

export interface FoundJob {
  readonly repository: string;
  readonly commit: string;
  /** `event`, or the person who asked. */
  readonly requestedBy: string;
  readonly report: JobReport;
  /** Audit entries about the job, oldest first; only the newest ones if there are many. */
  readonly history: readonly AuditEntry[];
}

/** What people do with jobs that have ended. Each method is one transaction. */
export interface JobRetries {
  /**
   * Queues a new job of the same dispatch if this job is the newest of its dispatch and failed. If two people press the
   * button at once, only one request queues a job.
   */
  retry(job: number, by: Actor): Promise<RetryResult>;
  /** Records in the audit trail that nothing needs to be done about the failure; nobody is reminded of it any more. */
  dismiss(job: number, by: Actor): Promise<DismissResult>;
  findJob(job: number): Promise<FoundJob | undefined>;
}

export interface Waiting {
  /** Number of messages that could not be posted yet. */
  readonly undelivered: number;
  /** Failed jobs without a newer job of their dispatch, newest first. */
  readonly failed: readonly number[];
}

/** Past work, for people who ask; every list is newest first. */
export interface JobHistory {
  /** Lists jobs of one repository, or of all if `repositoryId` is undefined. */
  listJobs(repositoryId: RepositoryId | undefined, limit: number): Promise<readonly JobLine[]>;
  /** Lists jobs that judged this package. */
  listPublishes(name: string, limit: number): Promise<readonly PublishLine[]>;
  /**
   * Returns the job's position: the number of jobs of the same repository that run before it, plus one. Returns
   * undefined if the job is not queued.
   */
  findPosition(job: number): Promise<number | undefined>;
  countRepositories(): Promise<Readonly<Record<RepositoryStatus, number>>>;
  /** Lists what waits for a person, with at most `limit` failures since `since` (epoch milliseconds). */
  listWaiting(since: number, limit: number): Promise<Waiting>;
  /** Lists the names of packages of registered repositories. */
  listPackageNames(): Promise<readonly string[]>;
}

export interface StaleJob {
  readonly job: number;
  /** Failure reasons of the job and of its packages. */
  readonly reasons: readonly string[];
  /** Number of jobs of the same dispatch that `actor` asked for. */
  readonly tries: number;
  /** Epoch milliseconds; when the newest of those jobs was created. Undefined if there are none. */
  readonly lastTriedAt: number | undefined;
}

/** Failed jobs without any follow-up. */
export interface StaleJobs {
  /**
   * Lists failed jobs of active repositories that ended since `since` (epoch milliseconds) and have no newer job of
   * their dispatch; oldest first.
   */
  list(since: number, actor: Actor): Promise<readonly StaleJob[]>;
  /** Retries the job as the Retry button does. */
  retry(job: number, actor: Actor): Promise<RetryResult>;
}

/** Work that is under way or left over, for monitoring. Times are epoch milliseconds. */
export interface OpenWork {
  /** Lists failures since `since` that no newer job resolved, oldest first; dismissed ones are marked. */
  listFailures(since: number): Promise<readonly OpenFailure[]>;
  /** Lists queued and running jobs in order. */
  listLive(): Promise<readonly LiveJob[]>;
  /** Summarizes the jobs that ended at `from` or later and before `to`. */
  summarize(from: number, to: number): Promise<WorkSummary>;
  /** Lists what those jobs published, in order. */
  listPublished(from: number, to: number): Promise<readonly PublishedLine[]>;
  /** Counts the messages that have been waiting since before `before`, and describes the oldest one. */
  findUnsent(before: number): Promise<UnsentMessages>;
  /** Returns, by repository, how often its dispatcher failed since `since`. */
  listFailingDispatchers(since: number): Promise<ReadonlyMap<string, number>>;
}

export type { DayStatistics };

export interface Statistics {
  /**
   * Lists every day from `from` to `to` (YYYY-MM-DD, both included), oldest first. Days without any activity contain
   * zeros.
   */
  listDays(from: string, to: string): Promise<readonly DayStatistics[]>;
}

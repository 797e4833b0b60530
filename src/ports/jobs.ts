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

export interface ParkedJob {
  readonly number: number;
  readonly slug: Slug;
  readonly neighbour: Neighbour;
  readonly outage: Outage['kind'];
  readonly detail: string;
  /** Epoch ms of the first parking. */
  readonly since: number;
}

export interface QueueDepth {
  readonly queued: number;
  readonly running: number;
  readonly parked: number;
}

/** What start, outages and people do to jobs from outside a run. Each method is one transaction. */
export interface JobKeeper {
  /** At start: running attempts of a dead process become crashed; a job with `maxCrashes` of them fails (with its announcement). Numbers of the jobs put back. */
  recover(maxCrashes: number): Promise<readonly number[]>;
  listParked(): Promise<readonly ParkedJob[]>;
  /** Makes all jobs parked for it runnable; how many. */
  resume(neighbour: Neighbour): Promise<number>;
  /** Fails the jobs parked since before `before` (a person is asked); how many. */
  failParked(before: number): Promise<number>;
  /** A queued job becomes cancelled; false when it is running or final. */
  cancelQueued(job: number, by: string): Promise<boolean>;
  countDepth(): Promise<QueueDepth>;
}

export type CancelResult =
  /** It was queued, and is over now. */
  | { readonly kind: 'cancelled' }
  /** It runs, and ends as cancelled as soon as it can; an upload on its way may still land. */
  | { readonly kind: 'stopping' }
  /** It was over, and so many versions that it held wait no more. */
  | { readonly kind: 'no-longer-waits'; readonly count: number }
  /** There was nothing left to cancel. */
  | { readonly kind: 'over' };

export type RetryResult =
  | { readonly kind: 'queued'; readonly job: number }
  /** Another job of the same dispatch is newer. */
  | {
      readonly kind: 'followed';
      readonly job: number;
      readonly status: JobStatus;
      /** As jobs name who asked: `event`, or `discord:` and a user's id. */
      readonly requestedBy: string;
    }
  /** It is still alive, or there is nothing to retry. */
  | { readonly kind: 'not-failed'; readonly status: JobStatus }
  | { readonly kind: 'repository-disabled'; readonly repository: string }
  | { readonly kind: 'unknown' };

export type DismissResult =
  | { readonly kind: 'dismissed' }
  /** `by` as jobs name who asked. */
  | { readonly kind: 'already'; readonly by: string }
  | { readonly kind: 'not-failed'; readonly status: JobStatus }
  | { readonly kind: 'unknown' };

export interface FoundJob {
  readonly repository: string;
  readonly commit: string;
  /** `event`, or who asked. */
  readonly requestedBy: string;
  readonly report: JobReport;
  /** What the audit trail holds of it, oldest first; the newest of it where that is long. */
  readonly history: readonly AuditEntry[];
}

/** What people do with jobs that are over. Each method is one transaction. */
export interface JobRetries {
  /** A new job of the same dispatch, if this is its newest and failed; of two who press at once one wins. */
  retry(job: number, by: Actor): Promise<RetryResult>;
  /** Nothing is to be done about its failure: nobody is reminded of it. Written into the audit trail. */
  dismiss(job: number, by: Actor): Promise<DismissResult>;
  findJob(job: number): Promise<FoundJob | undefined>;
}

export interface Waiting {
  /** Messages that could not be said yet. */
  readonly undelivered: number;
  /** Failed jobs that no newer job of their dispatch followed, newest first. */
  readonly failed: readonly number[];
}

/** What was done, for people who ask; newest first. */
export interface JobHistory {
  /** Of one repository, or of all. */
  listJobs(repositoryId: RepositoryId | undefined, limit: number): Promise<readonly JobLine[]>;
  /** Jobs that judged this package. */
  listPublishes(name: string, limit: number): Promise<readonly PublishLine[]>;
  /** Jobs of the same repository that run before it, plus one; undefined when it is not queued. */
  findPosition(job: number): Promise<number | undefined>;
  countRepositories(): Promise<Readonly<Record<RepositoryStatus, number>>>;
  /** What waits for a person; failures since `since` (epoch milliseconds), at most `limit` of them. */
  listWaiting(since: number, limit: number): Promise<Waiting>;
  /** Names of packages of registered repositories. */
  listPackageNames(): Promise<readonly string[]>;
}

export interface StaleJob {
  readonly job: number;
  /** Of the job and of its packages. */
  readonly reasons: readonly string[];
  /** Jobs of its dispatch that `actor` asked for. */
  readonly tries: number;
  /** Epoch milliseconds of the newest of those. */
  readonly lastTriedAt: number | undefined;
}

/** Failed jobs that nobody followed up. */
export interface StaleJobs {
  /** Of active repositories, ended since `since` (epoch milliseconds), without a newer job of their dispatch; oldest first. */
  list(since: number, actor: Actor): Promise<readonly StaleJob[]>;
  /** As the Retry button does. */
  retry(job: number, actor: Actor): Promise<RetryResult>;
}

/** What goes on and what is left over, for whoever watches. Times are epoch milliseconds. */
export interface OpenWork {
  /** Failures since then that nothing followed, oldest first; dismissed ones are marked. */
  listFailures(since: number): Promise<readonly OpenFailure[]>;
  /** Queued and running jobs, in order. */
  listLive(): Promise<readonly LiveJob[]>;
  /** Jobs that ended from `from` on and before `to`. */
  summarize(from: number, to: number): Promise<WorkSummary>;
  /** What those jobs published, in order. */
  listPublished(from: number, to: number): Promise<readonly PublishedLine[]>;
  /** Messages that wait since before `before`. */
  findUnsent(before: number): Promise<UnsentMessages>;
  /** Repositories whose dispatcher failed since then, with how often. */
  listFailingDispatchers(since: number): Promise<ReadonlyMap<string, number>>;
}

export type { DayStatistics };

export interface Statistics {
  /** Every day from `from` to `to` (YYYY-MM-DD, both included), oldest first; days without anything are zeros. */
  listDays(from: string, to: string): Promise<readonly DayStatistics[]>;
}

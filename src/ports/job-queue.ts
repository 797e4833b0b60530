import type { Announcement } from '../domain/announcement.ts';
import type { Failure, Neighbour, Outage } from '../domain/failure.ts';
import type { DispatchRequest, Job, JobStatus } from '../domain/report.ts';
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
  /** Written to the outbox in the same transaction; undefined when nothing is announced. */
  readonly announcement: Announcement | undefined;
}

/** Durable queue: one job per repository at a time, in the order of acceptance. Each method is one transaction. */
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
  | { readonly kind: 'released' };

import type { Neighbour, Outage } from '../domain/failure.ts';
import type { Slug } from '../domain/repository.ts';

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

import type { Actor } from '../domain/actor.ts';
import type { RetryResult } from './job-retries.ts';

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

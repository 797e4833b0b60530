import { byJob } from '../domain/job/actor.ts';
import { isWorthAnotherTry } from '../domain/job/stale-failures.ts';
import { describeJob } from '../domain/schedule/scheduled-jobs.ts';
import type { Clock } from '../ports/clock.ts';
import type { StaleJob, StaleJobs } from '../ports/jobs.ts';
import type { ScheduledJob } from './scheduled-job.ts';

export interface RetryStaleDeps {
  readonly clock: Clock;
  readonly staleJobs: StaleJobs;
  /** Called when a job was queued. */
  readonly onQueued: () => void;
}

const actor = byJob('retry-stale');
const hourMs = 3_600_000;
/** Failures older than this were given up, or fixed otherwise. */
const withinMs = 14 * 24 * hourMs;
/** The least time between tries: a little less than a day, since runs do not start on the exact second. */
const betweenMs = 22 * hourMs;
const triesMax = 3;

/**
 * Builds the job that retries failures which time may have resolved, once a day and three times in all; the rest is for
 * people.
 */
export function buildRetryStale({ clock, staleJobs, onQueued }: RetryStaleDeps): ScheduledJob {
  return {
    ...describeJob('retry-stale'),
    run: async ({ signal }) => {
      const now = clock.now();
      const stale = await staleJobs.list(now - withinMs, actor);
      const due = stale.filter((job) => isDue(job, now));
      let retried = 0;
      for (const { job } of due) {
        signal.throwIfAborted();
        if ((await staleJobs.retry(job, actor)).kind === 'queued') retried += 1;
      }
      if (retried > 0) onQueued();
      return { counts: { failed: stale.length, 'tried again': retried } };
    },
  };
}

function isDue({ reasons, tries, lastTriedAt = 0 }: StaleJob, now: number): boolean {
  return isWorthAnotherTry(reasons) && tries < triesMax && now - lastTriedAt >= betweenMs;
}

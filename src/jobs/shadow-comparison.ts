import { describeJob } from '../domain/schedule/scheduled-jobs.ts';
import { compareTrials } from '../publisher/watch/shadow/compare-trials.ts';
import type { ShadowDeps } from '../publisher/watch/shadow/deps.ts';
import type { ScheduledJob } from './scheduled-job.ts';

/**
 * Builds the job that compares shadow trials with the registry; it only reads the database while no repository is in
 * shadow mode.
 */
export function buildShadowComparison(deps: ShadowDeps): ScheduledJob {
  return {
    ...describeJob('shadow-comparison'),
    run: async ({ signal }) => ({ counts: { ...(await compareTrials(deps, signal)) } }),
  };
}

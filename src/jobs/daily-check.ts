import { describeJob } from '../domain/schedule/scheduled-jobs.ts';
import { type DailyCheckDeps, runDailyCheck } from '../publisher/watch/upkeep/daily-check.ts';
import type { ScheduledJob } from './scheduled-job.ts';

/** Builds the job that finds irregularities, which the digest reports. */
export function buildDailyCheck(deps: DailyCheckDeps): ScheduledJob {
  return {
    ...describeJob('daily-check'),
    run: async ({ signal }) => {
      const { anomalies, names, unknownNames, unreadRepositories } = await runDailyCheck(deps, signal);
      const counts = {
        names,
        unknown: unknownNames,
        unread: unreadRepositories,
        anomalies: anomalies.length,
      };
      return { counts };
    },
  };
}

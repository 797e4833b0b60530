import { describeJob } from '../domain/schedule/scheduled-jobs.ts';
import { type MonitorDeps, monitor } from '../publisher/watch/upkeep/monitor.ts';
import type { ScheduledJob } from './scheduled-job.ts';

/**
 * Builds the job that notices what keeps the service from working. It also looks for lost webhooks: GitHub does not
 * resend them by itself.
 */
export function buildMonitor(deps: MonitorDeps): ScheduledJob {
  return {
    ...describeJob('monitor'),
    run: async ({ signal }) => {
      const { ended, failed, news, redelivered, stuck, troubles } = await monitor(deps, signal);
      return { counts: { ended, failed, stuck, redelivered, troubles: troubles.length, news } };
    },
  };
}

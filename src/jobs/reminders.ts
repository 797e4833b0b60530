import { describeJob } from '../domain/schedule/scheduled-jobs.ts';
import { type RemindDeps, remindOfFailures } from '../publisher/announce/remind.ts';
import type { ScheduledJob } from './scheduled-job.ts';

/** Builds the job that reminds pushers of what is still not published. */
export function buildReminders(deps: RemindDeps): ScheduledJob {
  return {
    ...describeJob('reminders'),
    run: async ({ dueAt }) => ({ counts: { reminded: await remindOfFailures(deps, dueAt) } }),
  };
}

import { scheduledJobNames, scheduledJobs, settingOfJob } from '../domain/schedule/scheduled-jobs.ts';
import type { Setting } from './setting.ts';

export type JobSettingName = `JOB_${string}`;

/** One setting for each scheduled job; without it the job keeps its own schedule. */
export const jobSettings: readonly (Setting & { readonly name: JobSettingName })[] = scheduledJobNames.map(
  (name) => ({
    name: settingOfJob(name),
    expects: 'a five-field cron schedule (30 6 * * 1-5), or `off`',
    meaning: scheduledJobs[name].about,
  }),
);

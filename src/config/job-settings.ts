import { parseCron } from '../domain/schedule/cron-schedule.ts';
import { scheduledJobNames, scheduledJobs, settingOfJob } from '../domain/schedule/scheduled-jobs.ts';
import { parsedBy } from './values.ts';

const schedule = parsedBy((text) => {
  if (text.toLowerCase() === 'off') return 'off';
  return parseCron(text) === undefined ? undefined : text.replaceAll(/\s+/g, ' ');
}).describe('a five-field cron schedule (30 6 * * 1-5), or `off`');

/** One setting for each scheduled job; without it the job keeps its own schedule. */
export const jobSettings = scheduledJobNames.map((job) => ({
  name: settingOfJob(job),
  job,
  schema: schedule,
  meaning: scheduledJobs[job].about,
}));

import { parseCron } from '../domain/schedule/cron-schedule.ts';
import { scheduledJobNames, scheduledJobs, settingOfJob } from '../domain/schedule/scheduled-jobs.ts';
import { isTimeZone } from '../domain/schedule/time-zone.ts';
import type { Read } from './load-config.ts';
import type { Setting } from './settings.ts';

/** When the clock starts what. */
export interface JobsConfig {
  /** IANA zone. */
  readonly jobsZone: string;
  /** Schedules that were set, by the name of the job: five-field cron or `off`. */
  readonly jobSchedules: Readonly<Record<string, string>>;
}

export type JobSettingName = `JOB_${string}`;

/** One for each scheduled job; without it the job keeps its own schedule. */
export const jobSettings: readonly (Setting & { readonly name: JobSettingName })[] = scheduledJobNames.map(
  (name) => ({
    name: settingOfJob(name),
    expects: 'a five-field cron schedule (30 6 * * 1-5), or `off`',
    meaning: scheduledJobs[name].about,
  }),
);

export function readJobs(read: Read): JobsConfig {
  const schedules = scheduledJobNames.flatMap((name) => {
    const text = read(settingOfJob(name), parseSchedule, undefined);
    return text === undefined ? [] : [[name, text] as const];
  });
  return { jobsZone: read('TZ_JOBS', parseZone, 'UTC'), jobSchedules: Object.fromEntries(schedules) };
}

function parseZone(text: string): string | undefined {
  return isTimeZone(text) ? text : undefined;
}

function parseSchedule(text: string): string | undefined {
  if (text.toLowerCase() === 'off') return 'off';
  return parseCron(text) === undefined ? undefined : text.replaceAll(/\s+/g, ' ');
}

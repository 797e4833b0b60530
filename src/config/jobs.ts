import { parseCron } from '../domain/schedule/cron-schedule.ts';
import { scheduledJobNames, settingOfJob } from '../domain/schedule/scheduled-jobs.ts';
import { isTimeZone } from '../domain/schedule/time-zone.ts';
import type { Read } from './reader.ts';

/** The schedules of the jobs. */
export interface JobsConfig {
  /** The IANA time zone of all schedules. */
  readonly jobsZone: string;
  /** Schedules that were set, by job name: five-field cron or `off`. */
  readonly jobSchedules: Readonly<Record<string, string>>;
}

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

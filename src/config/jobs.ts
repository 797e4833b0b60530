import { jobSettings } from './job-settings.ts';
import type { Reader } from './reader.ts';

/** The schedules of the jobs. */
export interface JobsConfig {
  /** The IANA time zone of all schedules. */
  readonly jobsZone: string;
  /** Schedules that were set, by job name: five-field cron or `off`. */
  readonly jobSchedules: Readonly<Record<string, string>>;
}

export function readJobs({ read, readRow }: Reader): JobsConfig {
  const schedules = jobSettings.flatMap((setting) => {
    const text = readRow(setting);
    return text === undefined ? [] : [[setting.job, text] as const];
  });
  return { jobsZone: read('TZ_JOBS'), jobSchedules: Object.fromEntries(schedules) };
}

interface JobEntry {
  /** Five-field cron in the zone of TZ_JOBS, or `off`. */
  readonly schedule: string;
  /** Schedule of a job that is off until an operator turns it on. */
  readonly scheduleWhenOn?: string;
  /** One sentence without a full stop: what the job does for the team. */
  readonly about: string;
}

/** Everything that the scheduler starts, and when; the work itself is in `src/jobs`. */
export const scheduledJobs = {
  backup: {
    schedule: '30 2 * * *',
    about: 'Copies the database to BACKUP_DIR, checks the copy, and keeps the newest seven',
  },
  'audit-retention': {
    schedule: '0 1 * * *',
    about: 'Moves audit rows older than AUDIT_RETENTION_DAYS into files, and forgets old working rows',
  },
  'package-cache-refresh': {
    schedule: '15 */6 * * *',
    about: 'Reads the heads of all repositories and looks their packages up on the registry',
  },
  'guid-index': {
    schedule: '30 */2 * * *',
    about: 'Reads the GUIDs of versions on the registry that were not read yet',
  },
  'retry-stale': {
    schedule: '0 5 * * *',
    about: 'Tries failed jobs again whose reason time may have mended, once a day and three times in all',
  },
  'status-sync': {
    schedule: '0 2 * * *',
    about:
      'Compares the registered repositories with GitHub: renamed, archived, no access, dispatcher outdated',
  },
  'shadow-comparison': {
    schedule: '*/10 * * * *',
    about: 'Compares what repositories in shadow mode would have published with what the registry received',
  },
  'publish-unpublished': {
    schedule: 'off',
    scheduleWhenOn: '0 6 * * 1',
    about:
      'Publishes what stands unpublished at the heads and no job explains; off until an operator turns it on',
  },
  'daily-check': {
    schedule: '0 7 * * *',
    about: 'Looks for what is not as it should be between repositories and registry; the digest tells of it',
  },
  'credential-check': {
    schedule: '40 7 * * *',
    about:
      'Shows our credentials to registry, GitHub, Discord and model, and tells which are refused or end soon',
  },
  monitor: {
    schedule: '55 */6 * * *',
    about:
      'Asks GitHub again for webhooks that never arrived (as an App), and tells of what keeps the publisher from its work',
  },
  digest: {
    schedule: '0 8 * * *',
    about: 'Tells the day in one message with a chart, when there is something to say',
  },
  reminders: {
    schedule: '5 8 * * *',
    about: 'Reminds once of each failure of an earlier day that is still open',
  },
} as const satisfies Readonly<Record<string, JobEntry>>;

export type ScheduledJobName = keyof typeof scheduledJobs;

export const scheduledJobNames = Object.keys(scheduledJobs) as readonly ScheduledJobName[];

/** Returns the setting of a job: `JOB_PACKAGE_CACHE_REFRESH` of `package-cache-refresh`. */
export function settingOfJob(name: string): `JOB_${string}` {
  return `JOB_${name.replaceAll('-', '_').toUpperCase()}`;
}

/** Returns the entry of a job with its name, for the job's own file. */
export function describeJob(name: ScheduledJobName): JobEntry & { readonly name: ScheduledJobName } {
  return { name, ...scheduledJobs[name] };
}

import { buildAuditRetention } from './audit-retention.ts';
import { buildBackup } from './backup.ts';
import { buildCredentialCheckJob } from './credential-check.ts';
import { buildDailyCheck } from './daily-check.ts';
import { buildDigest } from './digest.ts';
import { buildGuidIndexJob } from './guid-index.ts';
import { buildMonitor } from './monitor.ts';
import { buildPackageCacheRefresh } from './package-cache-refresh.ts';
import { buildPublishUnpublished } from './publish-unpublished.ts';
import { buildReminders } from './reminders.ts';
import { buildRetryStale } from './retry-stale.ts';
import type { ScheduledJob } from './scheduled-job.ts';
import { buildShadowComparison } from './shadow-comparison.ts';
import { buildStatusSync } from './status-sync.ts';

/**
 * Every scheduled job by its name. To add one, add a file, a line here, and its schedule in
 * `src/domain/schedule/scheduled-jobs.ts`.
 */
export const jobBuilders = {
  'guid-index': buildGuidIndexJob,
  'package-cache-refresh': buildPackageCacheRefresh,
  'retry-stale': buildRetryStale,
  'status-sync': buildStatusSync,
  'shadow-comparison': buildShadowComparison,
  'publish-unpublished': buildPublishUnpublished,
  'daily-check': buildDailyCheck,
  'credential-check': buildCredentialCheckJob,
  monitor: buildMonitor,
  digest: buildDigest,
  reminders: buildReminders,
  backup: buildBackup,
  'audit-retention': buildAuditRetention,
} as const;

type JobName = keyof typeof jobBuilders;

/** What each job works with, by its name. */
export type JobParts = { readonly [Name in JobName]: Parameters<(typeof jobBuilders)[Name]>[0] };

/** Builds all jobs. A schedule from the settings replaces a job's own, and such a job cannot be turned on or off. */
export function buildJobs(
  parts: JobParts,
  schedules: Readonly<Record<string, string | undefined>>,
): readonly ScheduledJob[] {
  return Object.entries(jobBuilders).map(([name, build]) => {
    const job = (build as (deps: unknown) => ScheduledJob)(parts[name as JobName]);
    const schedule = schedules[name];
    if (schedule === undefined) return job;
    const { scheduleWhenOn: _, ...rest } = job;
    return { ...rest, schedule };
  });
}

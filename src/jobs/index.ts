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
 * Every scheduled job. To add one, add a file, a line here, and its schedule in
 * `src/domain/schedule/scheduled-jobs.ts`.
 */
export const jobBuilders = [
  buildGuidIndexJob,
  buildPackageCacheRefresh,
  buildRetryStale,
  buildStatusSync,
  buildShadowComparison,
  buildPublishUnpublished,
  buildDailyCheck,
  buildCredentialCheckJob,
  buildMonitor,
  buildDigest,
  buildReminders,
  buildBackup,
  buildAuditRetention,
] as const;

/** The dependencies of all jobs together. */
export type JobDeps = (typeof jobBuilders)[number] extends (deps: infer Deps) => ScheduledJob ? Deps : never;

/** Builds all jobs. A schedule from the settings replaces a job's own, and such a job cannot be turned on or off. */
export function buildJobs(
  deps: JobDeps,
  schedules: Readonly<Record<string, string | undefined>>,
): readonly ScheduledJob[] {
  return jobBuilders.map((build) => {
    const job = build(deps);
    const schedule = schedules[job.name];
    if (schedule === undefined) return job;
    const { scheduleWhenOn: _, ...rest } = job;
    return { ...rest, schedule };
  });
}

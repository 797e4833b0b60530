import { describeJob } from '../domain/scheduled-jobs.ts';
import { type RetentionDeps, retainAudit } from '../publisher/upkeep/audit-retention.ts';
import type { ScheduledJob } from './scheduled-job.ts';

/** Keeps the database from growing without end, and what leaves it in files. */
export function buildAuditRetention(deps: RetentionDeps): ScheduledJob {
  return {
    ...describeJob('audit-retention'),
    run: async ({ signal }) => ({ counts: { ...(await retainAudit(deps, signal)) } }),
  };
}

import { describeJob } from '../domain/schedule/scheduled-jobs.ts';
import type { StoredTimes } from '../ports/memory.ts';
import { type RetentionDeps, retainAudit } from '../publisher/watch/upkeep/audit-retention.ts';
import type { ScheduledJob } from './scheduled-job.ts';

export interface AuditRetentionDeps extends RetentionDeps {
  readonly times: Pick<StoredTimes, 'isDoubted'>;
}

/** Builds the job that moves old audit entries from the database to files, so the database stays small. */
export function buildAuditRetention(deps: AuditRetentionDeps): ScheduledJob {
  return {
    ...describeJob('audit-retention'),
    run: async ({ signal }) => {
      if (await deps.times.isDoubted()) {
        const note =
          'the clock went forth by more than a day within a week: nothing is removed by its age yet';
        return { counts: {}, note };
      }
      return { counts: { ...(await retainAudit(deps, signal)) } };
    },
  };
}

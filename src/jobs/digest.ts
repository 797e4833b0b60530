import { describeJob } from '../domain/schedule/scheduled-jobs.ts';
import { announceDigest, type DigestDeps } from '../publisher/announce/digest.ts';
import type { ScheduledJob } from './scheduled-job.ts';

/** Builds the job that announces the daily digest, when there is something to report. */
export function buildDigest(deps: DigestDeps): ScheduledJob {
  return {
    ...describeJob('digest'),
    run: async ({ dueAt }) => {
      const digest = await announceDigest(deps, dueAt);
      if (digest === undefined) return { counts: {}, note: 'Nothing to say' };
      const { check, failures, published } = digest;
      const anomalies = check?.anomalies.length ?? 0;
      return { counts: { published: published.length, failures: failures.length, anomalies } };
    },
  };
}

import { describeJob } from '../domain/schedule/scheduled-jobs.ts';
import { type CheckCredentialsDeps, checkCredentials } from '../publisher/watch/upkeep/check-credentials.ts';
import type { ScheduledJob } from './scheduled-job.ts';

/** Builds the job that finds expired credentials before a publish does. */
export function buildCredentialCheckJob(deps: CheckCredentialsDeps): ScheduledJob {
  return {
    ...describeJob('credential-check'),
    run: async ({ signal }) => ({ counts: { ...(await checkCredentials(deps, signal)) } }),
  };
}

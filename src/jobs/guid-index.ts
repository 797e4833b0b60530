import { Outage } from '../domain/failure/failure.ts';
import { describeJob } from '../domain/schedule/scheduled-jobs.ts';
import { type FillIndexDeps, fillIndex } from '../publisher/preflight/guid-index/fill-index.ts';
import type { ScheduledJob } from './scheduled-job.ts';

/** Builds the job that indexes what others published, and what a killed process left unindexed. */
export function buildGuidIndexJob(deps: FillIndexDeps): ScheduledJob {
  return {
    ...describeJob('guid-index'),
    run: async ({ signal }) => {
      const { outage, read, unreadable } = await fillIndex(deps, signal);
      if (outage !== undefined) throw new Outage('registry', 'down', outage);
      return { counts: { read, unreadable } };
    },
  };
}

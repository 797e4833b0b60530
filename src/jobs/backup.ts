import { basename } from 'node:path';
import { describeJob } from '../domain/schedule/scheduled-jobs.ts';
import { type BackUpDeps, backUp } from '../publisher/watch/upkeep/back-up.ts';
import type { ScheduledJob } from './scheduled-job.ts';

/** Builds the job that backs up the database, the only state that cannot be rebuilt. */
export function buildBackup(deps: BackUpDeps): ScheduledJob {
  return {
    ...describeJob('backup'),
    run: async ({ signal }) => {
      const { made, removed } = await backUp(deps, signal);
      return { counts: { rows: made.rows, bytes: made.bytes, removed }, note: basename(made.file) };
    },
  };
}

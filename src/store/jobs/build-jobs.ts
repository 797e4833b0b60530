import type { StoreContext } from '../engine/context.ts';
import { buildJobHistory } from './job-history.ts';
import { buildJobLog } from './job-log.ts';
import { buildKeeper } from './keeper.ts';
import { buildOpenWork } from './open-work.ts';
import { buildQueue } from './queue.ts';
import { buildRetries } from './retries.ts';
import type { StageLog } from './stage-log.ts';
import { buildStaleJobs } from './stale-jobs.ts';
import { buildStatistics } from './statistics.ts';

/** Builds the parts of the store for jobs, under their names in `Store`. */
export function buildJobsParts(context: StoreContext, stages: StageLog) {
  return {
    queue: buildQueue(context),
    keeper: buildKeeper(context),
    jobLog: buildJobLog(context, stages),
    retries: buildRetries(context),
    history: buildJobHistory(context),
    staleJobs: buildStaleJobs(context),
    statistics: buildStatistics(context),
    work: buildOpenWork(context),
  };
}

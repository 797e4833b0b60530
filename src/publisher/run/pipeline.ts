import type { Job } from '../../domain/job/report.ts';
import type { SupersededMode } from '../../domain/repository/repository.ts';
import type { JobLog } from '../../ports/judgements.ts';
import type { Logger } from '../../ports/logger.ts';
import type { ProgressSink } from './progress.ts';

export interface PipelineLimits {
  /** Scopes that may be published, from PACKAGE_SCOPES. */
  readonly scopes: readonly string[];
  readonly sizeWarnBytes: number;
  readonly sizeMaxBytes: number;
  /** How many packages of one job are published at the same time. */
  readonly packagesAtOnce: number;
  /** How long one run keeps reading back before it frees its place for another job. */
  readonly confirmInRunMs: number;
  /** What happens to superseded versions, from PUBLISH_SUPERSEDED. */
  readonly superseded: SupersededMode;
}

/** One attempt of one job. */
export interface Run {
  readonly job: Job;
  readonly signal: AbortSignal;
  /** Runs `work` as a named stage that is logged and timed. */
  stage<T>(name: string, packageName: string | undefined, work: () => Promise<T>): Promise<T>;
}

/** Dependencies for recording the stages of a run. */
export interface StageDeps {
  readonly jobLog: StageLog;
  readonly logger: Logger;
  readonly progress: Pick<ProgressSink, 'stage'>;
}

export type StageLog = Pick<JobLog, 'startStage' | 'endStage'>;

/** Records no stages; for runs that are not jobs. */
export const noStages: StageLog = { startStage: async () => 0, endStage: async () => undefined };

export function startRun(deps: StageDeps, job: Job, signal: AbortSignal): Run {
  async function stage<T>(name: string, packageName: string | undefined, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    deps.logger.debug('stage', { job: job.number, attempt: job.attempt, stage: name, package: packageName });
    if (packageName !== undefined) deps.progress.stage(job, name, packageName);
    const id = await deps.jobLog.startStage(job, name, packageName);
    try {
      return await work();
    } finally {
      await deps.jobLog.endStage(id);
    }
  }
  return { job, signal, stage };
}

import { systemClock } from '../adapters/system/system-clock.ts';
import { openHalves, openRun } from '../app/open-pipeline.ts';
import type { Parts } from '../app/parts.ts';
import type { Config } from '../config/load-config.ts';
import type { JobReport } from '../domain/job/report.ts';
import type { CommitSha, Repository } from '../domain/repository/repository.ts';
import { type PipelineHalves, runJob } from '../publisher/queue/run-job.ts';

export interface ForegroundJob {
  /** The repository as stored. */
  readonly repository: Repository;
  readonly commit: CommitSha;
  /** '' means every package. */
  readonly packagePath: string;
  /** Judges every candidate, changed or not. */
  readonly everything?: boolean;
  readonly requestedBy: string;
  /** Replaces the halves that publish. */
  readonly halves?: PipelineHalves;
}

/** Runs one job until it is final; an outage ends it, since nobody waits for days in a terminal. */
export async function runInForeground(
  parts: Parts,
  config: Pick<Config, 'jobDeadlineSeconds'>,
  { repository, halves = openHalves(parts.pipeline), ...asked }: ForegroundJob,
): Promise<JobReport> {
  const { holds, queue, keeper, jobLog } = parts.store;
  const { id } = await queue.accept({
    ...asked,
    repositoryId: repository.id,
    branch: undefined,
    commitMessage: undefined,
    commitAuthor: undefined,
    allowLower: false,
  });
  const deadlineMs = config.jobDeadlineSeconds * 1000;
  const deps = openRun(parts.pipeline, { holds, outages: { report: () => undefined }, deadlineMs }, halves);
  const never = new AbortController().signal;
  for (;;) {
    const job = await queue.claim([]);
    if (job !== undefined) await runJob(deps, job, { stop: never, cancel: never });
    await keeper.failParked(systemClock.now());
    const report = (await jobLog.findReport(id))?.jobs.at(-1);
    if (report !== undefined && report.status !== 'queued') return report;
    const dueAt = (await queue.findNextDueAt()) ?? systemClock.now();
    await systemClock.sleep(Math.max(1, dueAt - systemClock.now()));
  }
}

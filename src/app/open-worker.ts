import type { Job } from '../domain/job/report.ts';
import type { Thread } from '../ports/announcements.ts';
import { findDiskOutage } from '../publisher/pacing/disk-outage.ts';
import { type Outages, watchOutages } from '../publisher/queue/outages/outages.ts';
import { buildWorker, type Worker } from '../publisher/queue/worker.ts';
import type { ProgressSink } from '../publisher/run/progress.ts';
import type { AppDeps, Parts } from './open-parts.ts';
import { openRun } from './open-pipeline.ts';

/** One probe per neighbour that is down; not started. */
export function openOutages(
  { clock, config, logger, secrets }: AppDeps,
  { pipeline, registry, source, store }: Parts,
  thread: Thread,
  onResume: () => void,
): Outages {
  return watchOutages({
    clock,
    logger,
    keeper: store.keeper,
    outbox: store.outbox,
    registry,
    source,
    volume: pipeline.volume,
    thread,
    credentialsOf: (neighbour) =>
      neighbour === 'registry'
        ? (secrets.npmToken() ?? '')
        : `${secrets.githubToken() ?? ''} ${secrets.githubAppKey() ?? ''}`,
    parkMs: config.parkHours * 3_600_000,
    onResume,
  });
}

/** Whatever cannot write to the database tells of the disk, also when no job runs. */
export function reportDisk({ pipeline, store }: Parts, outages: Outages): void {
  store.onTrouble((error) => {
    void findDiskOutage(pipeline.volume, error).then((outage) => {
      if (outage !== undefined) outages.report(outage, undefined);
    });
  });
}

/** The worker of this process; not started. */
export function openWorker(
  { config }: AppDeps,
  parts: Parts,
  outages: Outages,
  progress: ProgressSink,
  onJobEnded: (job: Job) => void,
): Worker {
  const { pipeline, store } = parts;
  const { clock, logger, queue } = pipeline;
  return buildWorker({
    clock,
    logger,
    queue,
    run: openRun(
      { ...pipeline, progress },
      {
        holds: store.holds,
        outages,
        deadlineMs: config.jobDeadlineSeconds * 1000,
        mode: config.publishMode,
      },
    ),
    outages,
    concurrency: config.publishConcurrency,
    // While the fetch runs, so that the first package does not wait for the imports of the threads.
    onJobStarted: () => {
      parts.packing.warm();
      parts.registry.warm();
    },
    onJobEnded,
  });
}

import type { Job } from '../domain/job/report.ts';
import type { Thread } from '../ports/announcements.ts';
import { type Outages, watchOutages } from '../publisher/queue/outages/outages.ts';
import { buildWorker, type Worker } from '../publisher/queue/worker.ts';
import { findDiskOutage } from '../publisher/run/disk-outage.ts';
import type { ProgressSink } from '../publisher/run/progress.ts';
import { openRun } from './open-pipeline.ts';
import type { AppDeps, Parts } from './parts.ts';

/** Assembles one probe per neighbour that is down; not started yet. */
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
    probes: { registry, source, volume: pipeline.volume },
    thread,
    credentialsOf: (neighbour) =>
      neighbour === 'registry'
        ? (secrets.npmToken() ?? '')
        : `${secrets.githubToken() ?? ''} ${secrets.githubAppKey() ?? ''}`,
    parkMs: config.parkHours * 3_600_000,
    onResume,
  });
}

/** Reports a disk outage on every failed database write, even when no job runs. */
export function reportDisk({ pipeline, store }: Parts, outages: Outages): void {
  store.onTrouble((error) => {
    void findDiskOutage(pipeline.volume, error).then((outage) => {
      if (outage !== undefined) outages.report(outage, undefined);
    });
  });
}

/** Assembles the worker of this process; not started yet. */
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
    // Loads while the fetch runs, so that the first package does not wait for the threads' imports.
    onJobStarted: () => {
      parts.packing.warm();
      parts.registry.warm();
    },
    onJobEnded,
  });
}

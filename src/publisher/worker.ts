import type { Job } from '../domain/report.ts';
import type { Outages } from './outages.ts';
import { type RunJobDeps, RunStopped, runJob } from './run-job.ts';

export interface WorkerDeps extends RunJobDeps {
  readonly outages: Pick<Outages, 'report' | 'list'>;
  /** PUBLISH_CONCURRENCY. */
  readonly concurrency: number;
  /** Something may have been announced. */
  readonly onJobEnded: () => void;
}

export interface Worker {
  start(): void;
  /** Something may be runnable now. */
  wake(): void;
  running(): number;
  /** Claims nothing more; lets running jobs end for `graceMs`, then gives them back. */
  stop(graceMs: number): Promise<void>;
}

const longestSleepMs = 30_000;
const claimErrorPauseMs = 1_000;

/** Claims jobs as places are free and runs them; woken in process, by time, and by resumed neighbours. */
export function buildWorker(deps: WorkerDeps): Worker {
  const running = new Set<Promise<void>>();
  const stopRuns = new AbortController();
  const stopClaims = new AbortController();
  let woken = false;
  let interrupt: AbortController | undefined;
  let loop: Promise<void> | undefined;

  function wake(): void {
    woken = true;
    interrupt?.abort();
  }

  async function claimAll(): Promise<void> {
    while (running.size < deps.concurrency && !stopClaims.signal.aborted) {
      const job = await deps.queue.claim(deps.outages.list().map((outage) => outage.neighbour));
      if (job === undefined) return;
      startJob(job);
    }
  }

  function startJob(job: Job): void {
    deps.logger.info('job started', {
      job: job.number,
      attempt: job.attempt,
      repository: job.slug,
      commit: job.commit,
    });
    const run = runJob(deps, job, stopRuns.signal)
      .catch((error: unknown) => {
        // Only the store can fail here; the attempt stays open and is recovered at the next start.
        deps.logger.error('the outcome of a job could not be recorded', { job: job.number, error });
      })
      .finally(() => {
        running.delete(run);
        deps.onJobEnded();
        wake();
      });
    running.add(run);
  }

  async function pause(ms: number): Promise<void> {
    interrupt = new AbortController();
    if (woken || stopClaims.signal.aborted) return;
    await deps.clock.sleep(ms, AbortSignal.any([interrupt.signal, stopClaims.signal])).catch(() => undefined);
  }

  async function run(): Promise<void> {
    while (!stopClaims.signal.aborted) {
      woken = false;
      try {
        await claimAll();
        const hasPlace = running.size < deps.concurrency;
        const dueAt = hasPlace ? await deps.queue.findNextDueAt() : undefined;
        const waitMs = dueAt === undefined ? longestSleepMs : dueAt - deps.clock.now();
        await pause(Math.min(Math.max(waitMs, 1), longestSleepMs));
      } catch (error) {
        deps.logger.error('the queue could not be read', { error });
        await pause(claimErrorPauseMs);
      }
    }
  }

  async function stop(graceMs: number): Promise<void> {
    stopClaims.abort();
    const all = Promise.allSettled(running);
    const grace = new AbortController();
    await Promise.race([all, deps.clock.sleep(graceMs, grace.signal).catch(() => undefined)]);
    grace.abort();
    stopRuns.abort(new RunStopped('shutdown'));
    await Promise.allSettled([...running, loop]);
  }

  return {
    start: () => {
      loop ??= run();
    },
    wake,
    running: () => running.size,
    stop,
  };
}

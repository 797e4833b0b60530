import type { Job } from '../../domain/job/report.ts';
import type { Clock } from '../../ports/clock.ts';
import type { JobQueue } from '../../ports/jobs.ts';
import type { Logger } from '../../ports/logger.ts';
import { atMost } from '../pacing/wait.ts';
import { buildWorkLoop, type WorkLoop } from '../pacing/work-loop.ts';
import type { Outages } from './outages/outages.ts';
import { type RunJobDeps, RunStopped, runJob } from './run-job.ts';

export interface WorkerDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly queue: Pick<JobQueue, 'claim' | 'findNextDueAt'>;
  readonly run: RunJobDeps;
  readonly outages: Pick<Outages, 'list'>;
  /** How many jobs run at the same time, from PUBLISH_CONCURRENCY. */
  readonly concurrency: number;
  /** Called when a job starts: most likely something will be packed and sent. */
  readonly onJobStarted: () => void;
  /** Called when a job has ended: something may have been announced. */
  readonly onJobEnded: (job: Job) => void;
}

export interface Worker {
  start(): void;
  /** Makes the worker look into the queue now, because something may be runnable. */
  wake(): void;
  running(): number;
  /**
   * Time of the last look into the queue, by the monotonic clock; undefined before the first look. An idle worker
   * looks twice a minute.
   */
  lookedAt(): number | undefined;
  /** Stops the run of this job, which then ends as cancelled; false when the job does not run here. */
  cancel(job: number, by: string): boolean;
  /** Claims no more jobs; lets running jobs end for 15 s, then gives them back. */
  stop(): Promise<void>;
}

const longestSleepMs = 30_000;
const graceMs = 15_000;
const claimErrorPauseMs = 1_000;

/**
 * Builds the worker, which claims and runs jobs while places are free; it is woken in process, by time, and by
 * resumed neighbours.
 */
export function buildWorker(deps: WorkerDeps): Worker {
  return new JobWorker(deps);
}

class JobWorker implements Worker {
  readonly #deps: WorkerDeps;
  readonly #running = new Set<Promise<void>>();
  readonly #cancels = new Map<number, AbortController>();
  readonly #stopRuns = new AbortController();
  readonly #loop: WorkLoop;
  #lookedAt: number | undefined;

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
    const { clock, logger } = deps;
    this.#loop = buildWorkLoop({
      clock,
      logger,
      idleMs: claimErrorPauseMs,
      trouble: 'the queue could not be read',
      work: async (signal) => {
        await this.#claimAll(signal);
        this.#lookedAt = clock.monotonic();
        return this.#findPauseMs();
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  wake(): void {
    this.#loop.wake();
  }

  running(): number {
    return this.#running.size;
  }

  lookedAt(): number | undefined {
    return this.#lookedAt;
  }

  cancel(job: number, by: string): boolean {
    const running = this.#cancels.get(job);
    running?.abort(new RunStopped('cancelled', by));
    return running !== undefined;
  }

  async stop(): Promise<void> {
    const looked = this.#loop.stop();
    await atMost(this.#deps.clock, graceMs, Promise.allSettled(this.#running));
    this.#stopRuns.abort(new RunStopped('shutdown'));
    await Promise.allSettled([...this.#running, looked]);
  }

  #hasPlace(): boolean {
    return this.#running.size < this.#deps.concurrency;
  }

  async #claimAll(stopping: AbortSignal): Promise<void> {
    while (this.#hasPlace() && !stopping.aborted) {
      const down = this.#deps.outages.list().map((outage) => outage.neighbour);
      const job = await this.#deps.queue.claim(down);
      if (job === undefined) return;
      this.#startJob(job);
    }
  }

  #startJob(job: Job): void {
    const { logger } = this.#deps;
    const { number, attempt, slug, commit } = job;
    logger.info('job started', { job: number, attempt, repository: slug, commit });
    this.#deps.onJobStarted();
    const cancel = new AbortController();
    this.#cancels.set(number, cancel);
    const run = runJob(this.#deps.run, job, { stop: this.#stopRuns.signal, cancel: cancel.signal })
      .catch((error: unknown) => {
        // Only the store can fail here; the attempt stays open and is recovered at the next start.
        logger.error('the outcome of a job could not be recorded', { job: number, error });
      })
      .finally(() => {
        this.#running.delete(run);
        this.#cancels.delete(number);
        this.#deps.onJobEnded(job);
        this.wake();
      });
    this.#running.add(run);
  }

  /** Without a free place only the end of a job changes anything, and that wakes the worker. */
  async #findPauseMs(): Promise<number> {
    const dueAt = this.#hasPlace() ? await this.#deps.queue.findNextDueAt() : undefined;
    const waitMs = dueAt === undefined ? longestSleepMs : dueAt - this.#deps.clock.now();
    return Math.min(Math.max(waitMs, 1), longestSleepMs);
  }
}

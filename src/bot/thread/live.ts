import type { Neighbour } from '../../domain/failure/failure.ts';
import type { Job } from '../../domain/job/report.ts';
import type { Clock } from '../../ports/clock.ts';
import { atMost, pause } from '../../publisher/pacing/wait.ts';
import type { ProgressSink } from '../../publisher/run/progress.ts';
import type { JobProgress } from '../messages/progress.ts';

export interface LiveDeps {
  readonly clock: Clock;
  readonly show: (progress: JobProgress) => Promise<void>;
}

export interface LiveMessages extends ProgressSink {
  stop(): Promise<void>;
}

/** A job that ends sooner gets no live message. */
const firstShownMs = 1_000;
/** Discord allows about one write a second per channel; messages of finished jobs need a share of it. */
const betweenEditsMs = 2_000;
/** The longest wait for a hanging edit when the process stops. */
const stopGraceMs = 2_000;

interface Live {
  progress: JobProgress;
  isChanged: boolean;
  readonly over: AbortController;
}

/** Keeps one message per running job up to date, edited at most every two seconds. */
export function buildLiveMessages(deps: LiveDeps): LiveMessages {
  return new RunningJobs(deps);
}

class RunningJobs implements LiveMessages {
  readonly #deps: LiveDeps;
  readonly #running = new Map<number, Live>();
  readonly #loops = new Set<Promise<void>>();

  constructor(deps: LiveDeps) {
    this.#deps = deps;
  }

  planned(job: Job, total: number): void {
    if (total === 0) return;
    const live: Live = {
      progress: startOf(job, total, this.#deps.clock.now()),
      isChanged: true,
      over: new AbortController(),
    };
    this.#running.get(job.number)?.over.abort();
    this.#running.set(job.number, live);
    const loop = this.#follow(live).finally(() => this.#loops.delete(loop));
    this.#loops.add(loop);
  }

  stage(job: Job, stage: string, name: string): void {
    this.#change(job.number, (known) => withStage(known, name, stage));
  }

  settled(job: Job, name: string): void {
    this.#change(job.number, (known) => ({
      ...known,
      done: known.done + 1,
      stages: known.stages.filter((item) => item.package !== name),
    }));
  }

  /** The final state is shown through the outbox; only a parked job gets one more edit from here. */
  ended(job: number, waitingFor: Neighbour | undefined): void {
    const live = this.#running.get(job);
    live?.over.abort();
    this.#running.delete(job);
    if (live === undefined || waitingFor === undefined) return;
    void this.#deps.show({ ...live.progress, stages: [], waitingFor });
  }

  async stop(): Promise<void> {
    for (const live of this.#running.values()) live.over.abort();
    await atMost(this.#deps.clock, stopGraceMs, Promise.allSettled(this.#loops));
  }

  #change(job: number, update: (progress: JobProgress) => JobProgress): void {
    const live = this.#running.get(job);
    if (live === undefined) return;
    live.progress = update(live.progress);
    live.isChanged = true;
  }

  async #follow(live: Live): Promise<void> {
    const { signal } = live.over;
    let pauseMs = firstShownMs;
    while (!signal.aborted) {
      await pause(this.#deps.clock, pauseMs, signal);
      pauseMs = betweenEditsMs;
      if (signal.aborted || !live.isChanged) continue;
      live.isChanged = false;
      await this.#deps.show(live.progress);
    }
  }
}

function startOf(job: Job, total: number, startedAt: number): JobProgress {
  return {
    job: job.number,
    dispatchId: job.dispatchId,
    repository: job.slug,
    commit: job.commit,
    done: 0,
    total,
    stages: [],
    waitingFor: undefined,
    startedAt,
  };
}

function withStage(known: JobProgress, name: string, stage: string): JobProgress {
  const others = known.stages.filter((item) => item.package !== name);
  return { ...known, stages: [...others, { package: name, stage }] };
}

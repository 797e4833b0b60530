import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobProgress } from '../../../src/bot/messages/progress.ts';
import { buildLiveMessages, type LiveMessages } from '../../../src/bot/thread/live.ts';
import type { Job } from '../../../src/domain/job/report.ts';
import type { CommitSha, RepositoryId, Slug } from '../../../src/domain/repository/repository.ts';
import type { Clock } from '../../../src/ports/clock.ts';

const job: Job = {
  number: 12,
  dispatchId: 'dispatch',
  attempt: 1,
  repositoryId: 1 as RepositoryId,
  slug: 'studio/packages' as Slug,
  mode: 'live',
  branches: [],
  scopes: [],
  commit: '0123456789abcdef0123456789abcdef01234567' as CommitSha,
  packagePath: '',
  allowLower: false,
  everything: false,
  requestedBy: 'event',
  requestedAt: 0,
  commitAuthor: undefined,
  base: null,
};

interface Shown {
  readonly at: number;
  readonly progress: JobProgress;
}

/** A clock that the test advances in steps of 100 ms, with something to do at each step. */
class SteppedClock implements Clock {
  #nowMs = 0;
  readonly #waiting = new Set<{ readonly at: number; readonly wake: () => void }>();
  now(): number {
    return this.#nowMs;
  }
  monotonic(): number {
    return this.#nowMs;
  }
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.add({ at: this.#nowMs + ms, wake: resolve });
    signal?.addEventListener('abort', () => reject(signal.reason as Error));
    return promise;
  }
  async run(ms: number, each: () => void = () => undefined): Promise<void> {
    for (const end = this.#nowMs + ms; this.#nowMs < end; ) {
      this.#nowMs += 100;
      each();
      for (const sleeper of this.#waiting) {
        if (sleeper.at > this.#nowMs) continue;
        this.#waiting.delete(sleeper);
        sleeper.wake();
      }
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
}

let clock: SteppedClock;
let shown: Shown[];
let live: LiveMessages;

beforeEach(() => {
  clock = new SteppedClock();
  shown = [];
  live = buildLiveMessages({
    clock,
    show: async (progress) => {
      shown.push({ at: clock.now(), progress });
    },
  });
});

afterEach(async () => live.stop());

describe('the live message of a job', () => {
  it('does not appear for a job without anything to publish', async () => {
    live.planned(job, 0);
    await clock.run(10_000);
    expect(shown).toEqual([]);
  });

  it('does not appear for a job that ends within a second', async () => {
    live.planned(job, 2);
    await clock.run(900);
    live.ended(job.number, undefined);
    await clock.run(10_000);
    expect(shown).toEqual([]);
  });

  it('is edited at most every two seconds, however much happens', async () => {
    live.planned(job, 5);
    let step = 0;
    await clock.run(20_000, () => live.stage(job, `stage ${step++}`, 'com.studio.core'));
    const times = shown.map(({ at }) => at);
    expect(times[0]).toBe(1_000);
    expect(times.length).toBeGreaterThan(8);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2_000);
  });

  it('is not edited while nothing changes', async () => {
    live.planned(job, 5);
    await clock.run(20_000);
    expect(shown.length).toBe(1);
  });

  it('shows the stage of each package, and how many are done', async () => {
    live.planned(job, 3);
    live.stage(job, 'pack', 'com.studio.core');
    live.stage(job, 'publish', 'com.studio.ui');
    live.settled(job, 'com.studio.core');
    await clock.run(1_000);
    expect(shown[0]?.progress).toMatchObject({
      done: 1,
      total: 3,
      stages: [{ package: 'com.studio.ui', stage: 'publish' }],
    });
  });

  it('says that the job waits when its neighbour is down, and does not change from then on', async () => {
    live.planned(job, 3);
    await clock.run(5_000);
    live.ended(job.number, 'registry');
    await clock.run(20_000);
    expect(shown.map(({ progress }) => progress.waitingFor)).toEqual([undefined, 'registry']);
  });

  it('does not come back after the job has ended', async () => {
    live.planned(job, 3);
    await clock.run(1_500);
    live.stage(job, 'pack', 'com.studio.core');
    live.ended(job.number, undefined);
    live.stage(job, 'publish', 'com.studio.core');
    await clock.run(20_000);
    expect(shown.length).toBe(1);
  });
});

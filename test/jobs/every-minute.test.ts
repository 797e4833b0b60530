import { describe, expect, it } from 'vitest';
import { everyMinute } from '../../src/jobs/scheduler.ts';
import type { Clock } from '../../src/ports/clock.ts';

const yearMs = 365 * 24 * 3_600_000;

/** How long it sleeps before each of so many strikes, by a clock that is so far ahead of this machine's. */
async function listSleeps(aheadMs: number, strikes: number): Promise<readonly number[]> {
  const asked: number[] = [];
  let struck = 0;
  const clock: Clock = {
    now: () => Date.now() + aheadMs,
    monotonic: () => performance.now(),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      asked.push(ms);
    },
  };
  await new Promise<void>((resolve) => {
    const ticking = everyMinute(clock)(() => {
      if (++struck < strikes) return;
      ticking.stop();
      resolve();
    });
  });
  return asked;
}

describe('the minutes of the scheduler', () => {
  it('begin when those of this machine do', async () => {
    const startedAt = Date.now();
    const [sleep = 0] = await listSleeps(0, 1);
    const offBy = Math.abs(((startedAt + sleep + 30_000) % 60_000) - 30_000);
    // A minute that is about to begin is struck a second after that; the rest is what a busy machine takes.
    expect(offBy).toBeLessThan(sleep === 1_000 ? 2_500 : 1_500);
  });

  it.each([
    [-yearMs, 60_000],
    [yearMs, 1_000],
  ])('strike by a clock that is %i ms ahead, too, each after %i ms', async (aheadMs, sleepMs) => {
    expect(await listSleeps(aheadMs, 3)).toEqual([sleepMs, sleepMs, sleepMs]);
  });
});

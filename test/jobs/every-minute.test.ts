import { afterEach, describe, expect, it, vi } from 'vitest';
import { everyMinute } from '../../src/jobs/scheduler.ts';
import type { Clock } from '../../src/ports/clock.ts';

const yearMs = 365 * 24 * 3_600_000;

/**
 * Returns how long the loop sleeps before each of this many strikes, when its clock is this far ahead of the machine's.
 */
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

/**
 * Returns our clock's time at each strike, for a clock a millisecond behind the machine's whose sleeps end a
 * millisecond early.
 */
async function listStrikes(startedAt: number, strikes: number): Promise<readonly number[]> {
  vi.useFakeTimers({ toFake: ['Date'], now: startedAt });
  const struck: number[] = [];
  const clock: Clock = {
    now: () => Date.now() - 1,
    monotonic: () => Date.now(),
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      vi.setSystemTime(Date.now() + ms - 1);
    },
  };
  await new Promise<void>((resolve) => {
    const ticking = everyMinute(clock)(() => {
      struck.push(clock.now());
      if (struck.length < strikes) return;
      ticking.stop();
      resolve();
    });
  });
  return struck;
}

afterEach(() => void vi.useRealTimers());

describe('the minutes of the scheduler', () => {
  it('strike once they have begun by both clocks, and none is left out', async () => {
    const startedAt = Date.UTC(2026, 10, 26, 9, 0, 30);
    const minutes = (await listStrikes(startedAt, 4)).map((at) => new Date(at).getUTCMinutes());
    expect(minutes).toEqual([1, 2, 3, 4]);
  });

  it('begin when the machine’s minutes do', async () => {
    const startedAt = Date.now();
    const [sleep = 0] = await listSleeps(0, 1);
    const offBy = Math.abs(((startedAt + sleep + 30_000) % 60_000) - 30_000);
    // A minute that is about to begin strikes a second later; the rest allows for a busy machine.
    expect(offBy).toBeLessThan(sleep === 1_000 ? 2_500 : 1_500);
  });

  it.each([
    [-yearMs, 60_000],
    [yearMs, 1_000],
  ])('strike with a clock that is %i ms ahead, too, each after %i ms', async (aheadMs, sleepMs) => {
    expect(await listSleeps(aheadMs, 3)).toEqual([sleepMs, sleepMs, sleepMs]);
  });
});

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Tick } from '../../src/jobs/scheduler.ts';
import type { Clock } from '../../src/ports/clock.ts';

export interface VirtualClock extends Clock {
  /** Called whenever a full `strikeMs` has passed. */
  readonly tick: Tick;
  /**
   * Lets time pass until then: sleepers wake and ticks strike in order, and the work that they start gets its turns.
   */
  advanceTo(epochMs: number): Promise<void>;
  /** Sets the clock; sleepers sleep as long as they would have. */
  setTo(epochMs: number): void;
  /** Skips this time: nothing wakes and nothing strikes. */
  skipTo(epochMs: number): void;
}

interface Sleeper {
  at: number;
  readonly wake: () => void;
}

/** Makes time that passes only when the test says so. Strikes every minute by default; a month has many of them. */
export function buildVirtualClock(startMs: number, strikeMs = 60_000): VirtualClock {
  let nowMs = startMs;
  const sleepers = new Set<Sleeper>();
  const listeners = new Set<() => void>();

  const strike = (): void => {
    for (const listener of listeners) listener();
  };
  const nextStop = (endMs: number): number => {
    const wakes = [...sleepers].map(({ at }) => at).filter((at) => at > nowMs);
    const next = listeners.size === 0 ? endMs : (Math.floor(nowMs / strikeMs) + 1) * strikeMs;
    return Math.min(endMs, next, ...wakes);
  };

  return {
    now: () => nowMs,
    monotonic: () => nowMs,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const abort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason);
        };
        const sleeper: Sleeper = {
          at: nowMs + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', abort, { once: true });
      });
    },
    tick: (onMinute) => {
      listeners.add(onMinute);
      return { stop: () => void listeners.delete(onMinute) };
    },
    advanceTo: async (endMs) => {
      while (nowMs < endMs) {
        nowMs = nextStop(endMs);
        for (const sleeper of sleepers) if (sleeper.at <= nowMs) sleeper.wake();
        if (nowMs % strikeMs === 0) strike();
        await settle();
      }
    },
    setTo: (epochMs) => {
      const byMs = epochMs - nowMs;
      nowMs = epochMs;
      for (const sleeper of sleepers) sleeper.at += byMs;
    },
    skipTo: (epochMs) => {
      nowMs = epochMs;
    },
  };
}

/** Long enough for work that only waits for the database. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await nextTurn();
}

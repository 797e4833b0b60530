import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src/ports/clock.ts';

export interface JumpingClock extends Clock {
  advance(ms: number): void;
}

/** A clock that stands still until somebody sleeps, and then jumps ahead at once. */
export function buildJumpingClock(): JumpingClock {
  let nowMs = Date.UTC(2026, 0, 1);
  return {
    now: () => nowMs,
    monotonic: () => nowMs,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      nowMs += Math.ceil(ms);
      await nextTurn();
      signal?.throwIfAborted();
    },
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

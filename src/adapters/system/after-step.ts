import type { Clock } from '../../ports/clock.ts';

/** Smaller differences between the two clocks are normal. */
const smallestStepMs = 1_000;

/** For objects that store times of a clock that may be set: builds a new object after the clock was set. */
export function buildAnewAfterStep<T>(clock: Pick<Clock, 'now' | 'monotonic'>, build: () => T): () => T {
  let aheadMs = clock.now() - clock.monotonic();
  let built = build();
  return () => {
    const isAheadMs = clock.now() - clock.monotonic();
    if (Math.abs(isAheadMs - aheadMs) >= smallestStepMs) {
      aheadMs = isAheadMs;
      built = build();
    }
    return built;
  };
}

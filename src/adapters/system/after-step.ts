import type { Clock } from '../../ports/clock.ts';

/** Less is what two clocks differ by. */
const smallestStepMs = 1_000;

/** For what keeps times of a clock that may be set: it is built anew once that has happened. */
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

import type { Clock } from '../../ports/clock.ts';

/** Waits for `ms`, or until the signal is aborted. */
export async function pause(clock: Pick<Clock, 'sleep'>, ms: number, signal?: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch(() => undefined);
}

/** Returns what the work returns, or undefined when that takes longer than `ms`; the work goes on then. */
export async function atMost<T>(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  work: Promise<T>,
): Promise<T | undefined> {
  const done = new AbortController();
  try {
    return await Promise.race([work, pause(clock, ms, done.signal).then(() => undefined)]);
  } finally {
    done.abort();
  }
}

/** Returns the milliseconds before another try: doubled with each earlier one, up to `longestMs`. */
export function backoff(firstMs: number, tries: number, longestMs = Number.POSITIVE_INFINITY): number {
  return Math.min(firstMs * 2 ** tries, longestMs);
}

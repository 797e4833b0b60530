import pLimit from 'p-limit';

/**
 * Waits for a free place, first come first served, and returns a function that frees it; calling that twice is
 * harmless. Throws the signal's reason; then no place is taken.
 */
export type TakeTurn = (signal: AbortSignal) => Promise<() => void>;

export function buildTurns(places: number): TakeTurn {
  const limit = pLimit(places);
  return async (signal) => {
    signal.throwIfAborted();
    const turn = Promise.withResolvers<() => void>();
    const onAbort = (): void => turn.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    void limit(async () => {
      signal.removeEventListener('abort', onAbort);
      if (!signal.aborted) await new Promise<void>((pass) => turn.resolve(pass));
    });
    return turn.promise;
  };
}

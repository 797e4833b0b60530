export interface Turns {
  /** Waits for a free place, first come first served. Throws the signal's reason; then no place is taken. */
  take(signal: AbortSignal): Promise<void>;
  /** Gives a place back; it goes straight to the next in line. */
  pass(): void;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Places for so many at a time. */
export function buildTurns(places: number): Turns {
  const waiting: Waiting[] = [];
  let busy = 0;
  return {
    take: async (signal) => {
      if (busy >= places) return waitForTurn(waiting, signal);
      signal.throwIfAborted();
      busy += 1;
    },
    pass: () => {
      const next = waiting.shift();
      if (next === undefined) busy -= 1;
      else next.resolve();
    },
  };
}

async function waitForTurn(waiting: Waiting[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      waiting.splice(waiting.indexOf(mine), 1);
      reject(signal.reason);
    };
    const mine: Waiting = {
      resolve: () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      },
      reject,
    };
    waiting.push(mine);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

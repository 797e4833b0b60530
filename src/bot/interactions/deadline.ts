import type { Clock } from '../../ports/clock.ts';

/** Discord accepts answers for 15 minutes; the difference is for sending this one. */
const answerWithinMs = 13 * 60_000;

/** Thrown when an answer is given up; the message is for the person who waits. */
export class GivenUp extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GivenUp';
  }
}

/** Awaits the work, or throws GivenUp when it takes too long or `stopping` aborts. */
export async function beforeDeadline<T>(
  clock: Clock,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const done = new AbortController();
  const signal = AbortSignal.any([late.signal, stopping]);
  const givenUp = new Promise<never>((_resolve, reject) => {
    const giveUp = (): void =>
      reject(
        new GivenUp(
          stopping.aborted
            ? 'The publisher is being restarted. Ask again in a minute.'
            : 'This takes longer than an answer may wait, so it was stopped. Try it for less at a time.',
        ),
      );
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  void clock.sleep(answerWithinMs, done.signal).then(
    () => late.abort(),
    () => undefined,
  );
  try {
    return await Promise.race([givenUp, work(signal)]);
  } finally {
    done.abort();
  }
}

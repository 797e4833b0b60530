import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { buildComplaint } from './complaint.ts';
import { pause } from './wait.ts';

export interface WorkLoop {
  start(): void;
  /** Starts the next round now, because there may be something to do. */
  wake(): void;
  /** Aborts the signal that the work was given; resolves when the work has ended. */
  stop(): Promise<void>;
}

export interface WorkLoopOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * Log message for an error of the work, logged once until a round ends well again; the next round comes all the
   * same.
   */
  readonly trouble: string;
  /** Pause after a round that found nothing or failed, when nobody wakes the loop. */
  readonly idleMs: number;
  /** Does one round; returns true when there is more to do at once, or the pause when it is not `idleMs`. */
  readonly work: (signal: AbortSignal) => Promise<boolean | number>;
}

/** Builds a loop that works, waits until it is woken or its time comes, and works again. */
export function buildWorkLoop(options: WorkLoopOptions): WorkLoop {
  const { clock, idleMs, logger, trouble, work } = options;
  const stopping = new AbortController();
  let interrupt = new AbortController();
  const complain = buildComplaint(logger, trouble);
  let loop: Promise<void> | undefined;

  async function look(): Promise<boolean | number> {
    try {
      const next = await work(stopping.signal);
      complain(undefined);
      return next;
    } catch (error) {
      if (!stopping.signal.aborted) complain(error);
      return false;
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Replaced before the round, so that a wake-up during the round is not missed.
      interrupt = new AbortController();
      const next = await look();
      if (next === true) continue;
      const signal = AbortSignal.any([interrupt.signal, stopping.signal]);
      await pause(clock, next === false ? idleMs : next, signal);
    }
  }

  return {
    start: () => {
      loop ??= run();
    },
    wake: () => interrupt.abort(),
    stop: async () => {
      stopping.abort(new Error('stopping'));
      await loop;
    },
  };
}

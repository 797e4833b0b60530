import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { buildComplaint } from './complaint.ts';
import { pause } from './wait.ts';

export interface WorkLoop {
  start(): void;
  /** There may be something to do. */
  wake(): void;
  /** Aborts the signal that the work was given; resolves when the work has ended. */
  stop(): Promise<void>;
}

export interface WorkLoopOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Said of an error that the work throws, once until it ends well again; the next round comes all the same. */
  readonly trouble: string;
  /** The pause after a look that found nothing or failed, unless it is woken. */
  readonly idleMs: number;
  /** Looks once; returns true when there is more to do at once, or the pause in milliseconds where it is another one. */
  readonly work: (signal: AbortSignal) => Promise<boolean | number>;
}

/** Looks, waits to be woken or for its time, and looks again. */
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
      // Before the look: whoever wakes during it is not missed.
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

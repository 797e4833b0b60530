import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Reply } from './reply.ts';

/** Edits count toward Discord's rate limits, and nobody reads faster. */
const betweenEditsMs = 2_000;

export interface Interim {
  /** Edits the answer, unless the last edit was less than two seconds ago or still runs. */
  readonly show: (reply: Reply) => void;
  /** Stops showing progress; resolves when the answer can be written. */
  readonly end: () => Promise<void>;
}

/** Shows progress while an answer is being made. A failing edit is ignored: the answer follows. */
export function buildInterim(deps: {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly edit: (reply: Reply) => Promise<unknown>;
}): Interim {
  let lastAt = Number.NEGATIVE_INFINITY;
  let isBusy = false;
  let isOver = false;
  let running: Promise<void> = Promise.resolve();

  async function edit(reply: Reply): Promise<void> {
    isBusy = true;
    await deps.edit(reply).catch((error: unknown) => {
      deps.logger.debug('an interim answer was not shown', { error });
    });
    isBusy = false;
  }

  return {
    show: (reply) => {
      const now = deps.clock.monotonic();
      if (isOver || isBusy || now - lastAt < betweenEditsMs) return;
      lastAt = now;
      running = edit(reply);
    },
    end: async () => {
      isOver = true;
      await running;
    },
  };
}

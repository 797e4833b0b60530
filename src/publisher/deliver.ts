import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Thread } from '../ports/thread.ts';

export interface DeliveryDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly outbox: Outbox;
  readonly thread: Thread;
}

export interface Delivery {
  start(): void;
  wake(): void;
  stop(): Promise<void>;
}

const batch = 50;
const idleMs = 5_000;
const longestBackoffMs = 5 * 60_000;

/** Says what the outbox holds, in order, until it is said. */
export function buildDelivery(deps: DeliveryDeps): Delivery {
  const stopping = new AbortController();
  let interrupt = new AbortController();
  let loop: Promise<void> | undefined;

  async function deliverDue(): Promise<void> {
    for (const item of await deps.outbox.listDue(batch)) {
      stopping.signal.throwIfAborted();
      try {
        await deps.thread.say(item.announcement, `announcement-${item.id}`);
        await deps.outbox.markSent(item.id);
      } catch (error) {
        const delayMs = Math.min(1_000 * 2 ** item.tries, longestBackoffMs);
        const detail = error instanceof Error ? error.message : 'unknown';
        await deps.outbox.postpone(item.id, deps.clock.now() + delayMs, detail);
        return;
      }
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      interrupt = new AbortController();
      try {
        await deliverDue();
      } catch (error) {
        if (!stopping.signal.aborted) deps.logger.error('announcements could not be delivered', { error });
      }
      await deps.clock
        .sleep(idleMs, AbortSignal.any([interrupt.signal, stopping.signal]))
        .catch(() => undefined);
    }
  }

  return {
    start: () => {
      loop ??= run();
    },
    wake: () => interrupt.abort(),
    stop: async () => {
      stopping.abort();
      await loop;
    },
  };
}

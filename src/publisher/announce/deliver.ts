import { type Lane, lanes } from '../../domain/announcement/announcement.ts';
import {
  type Outbox,
  type PendingAnnouncement,
  type Thread,
  ThreadTrouble,
} from '../../ports/announcements.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { atMost, backoff } from '../pacing/wait.ts';
import { buildWorkLoop, type WorkLoop } from '../pacing/work-loop.ts';

export interface DeliveryDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly outbox: Outbox;
  readonly thread: Pick<Thread, 'say'>;
}

export interface Delivery {
  start(): void;
  wake(): void;
  /** Tries at once what waits, because the thread may be reachable again. */
  flushSoon(): Promise<void>;
  /** Why the thread cannot be written to right now; undefined while it can. */
  trouble(): string | undefined;
  stop(): Promise<void>;
}

const batch = 50;
const stopGraceMs = 3_000;
const idleMs = 5_000;
const longestBackoffMs = 5 * 60_000;
/** Pause while a person has to change something before the thread can be written to. */
const blockedPauseMs = 60_000;
/** An announcement that was refused this often in every form always will be, and must not hold up the others. */
const refusalsMax = 3;

function isHopeless(item: PendingAnnouncement, error: unknown): boolean {
  return error instanceof ThreadTrouble && error.kind === 'refused' && item.tries >= refusalsMax;
}

/** Builds the delivery, which posts what the outbox holds, in order, until it is posted. */
export function buildDelivery(deps: DeliveryDeps): Delivery {
  return new OutboxDelivery(deps);
}

class OutboxDelivery implements Delivery {
  readonly #deps: DeliveryDeps;
  readonly #loop: WorkLoop;
  readonly #troubles = new Map<Lane, string>();

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
    const { clock, logger } = deps;
    this.#loop = buildWorkLoop({
      clock,
      logger,
      idleMs,
      trouble: 'announcements could not be delivered',
      work: async (signal) => {
        for (const lane of lanes) await this.#deliverDue(lane, signal);
        return false;
      },
    });
  }

  start(): void {
    this.#loop.start();
  }

  wake(): void {
    this.#loop.wake();
  }

  async flushSoon(): Promise<void> {
    await this.#deps.outbox.flushSoon();
    this.wake();
  }

  trouble(): string | undefined {
    const [trouble] = this.#troubles.values();
    return trouble;
  }

  async stop(): Promise<void> {
    // A message that is on its way may hang; the next start finds it, or sends it again.
    await atMost(this.#deps.clock, stopGraceMs, this.#loop.stop());
  }

  async #deliverDue(lane: Lane, signal: AbortSignal): Promise<void> {
    const { outbox, thread } = this.#deps;
    for (const item of await outbox.listDue(batch, lane)) {
      signal.throwIfAborted();
      try {
        await thread.say(item.announcement, `announcement-${item.id}`);
        await outbox.markSent(item.id);
        this.#troubles.delete(lane);
      } catch (error) {
        if (!isHopeless(item, error)) return this.#postpone(lane, item, error);
        const { id, announcement } = item;
        this.#deps.logger.error('an announcement is refused in every form', { id, announcement, error });
        await outbox.markSent(id);
      }
    }
  }

  /** Postpones an announcement. The others of its lane wait behind it, because they are posted in order. */
  async #postpone(lane: Lane, item: PendingAnnouncement, error: unknown): Promise<void> {
    const { clock, logger, outbox } = this.#deps;
    const detail = error instanceof Error ? error.message : 'unknown';
    const askedMs = error instanceof ThreadTrouble ? (error.retryAfterMs ?? 0) : 0;
    const isBlocked = error instanceof ThreadTrouble && error.kind === 'blocked';
    const delayMs = Math.max(
      isBlocked ? blockedPauseMs : backoff(1_000, item.tries, longestBackoffMs),
      askedMs,
    );
    if (this.#troubles.get(lane) !== detail) logger.warn('an announcement waits', { detail, error });
    this.#troubles.set(lane, detail);
    await outbox.postpone(item.id, clock.now() + delayMs, detail);
  }
}

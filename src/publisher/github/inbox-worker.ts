import { randomBytes } from 'node:crypto';
import { Outage } from '../../domain/failure.ts';
import type { Inbox, WaitingDelivery } from '../../ports/inbox.ts';
import type { GitHubDeps } from './deps.ts';
import { handleEvent } from './handle-event.ts';

export interface InboxWorkerDeps extends GitHubDeps {
  readonly inbox: Inbox;
  /** PARK_HOURS: how long a delivery waits for a git host that is down. */
  readonly parkMs: number;
}

export interface InboxWorker {
  start(): void;
  /** Something was stored. */
  wake(): void;
  stop(): Promise<void>;
}

const batch = 20;
const idleMs = 5_000;
const maxTries = 5;
const longestBackoffMs = 5 * 60_000;

/** Looks into stored webhooks, those of a repository in order. What cannot be handled stays redeliverable. */
export function buildInboxWorker(deps: InboxWorkerDeps): InboxWorker {
  return new WebhookWorker(deps);
}

class WebhookWorker implements InboxWorker {
  readonly #deps: InboxWorkerDeps;
  readonly #stopping = new AbortController();
  #interrupt = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(deps: InboxWorkerDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  wake(): void {
    this.#interrupt.abort();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopping'));
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#deps;
    while (!this.#stopping.signal.aborted) {
      this.#interrupt = new AbortController();
      const signal = AbortSignal.any([this.#interrupt.signal, this.#stopping.signal]);
      try {
        if ((await this.#handleDue()) > 0) continue;
      } catch (error) {
        if (!this.#stopping.signal.aborted) logger.error('webhooks could not be looked into', { error });
      }
      await clock.sleep(idleMs, signal).catch(() => undefined);
    }
  }

  async #handleDue(): Promise<number> {
    let handled = 0;
    const waiting = new Set<number>();
    for (const delivery of await this.#deps.inbox.listDue(batch)) {
      this.#stopping.signal.throwIfAborted();
      const about = 'repository' in delivery.event ? delivery.event.repository.githubId : undefined;
      // An earlier one of the same repository has to wait.
      if (about !== undefined && waiting.has(about)) continue;
      if (await this.#handle(delivery)) handled++;
      else if (about !== undefined) waiting.add(about);
    }
    return handled;
  }

  /** False when it has to be looked into later. */
  async #handle(delivery: WaitingDelivery): Promise<boolean> {
    const { inbox, logger } = this.#deps;
    try {
      const outcome = await handleEvent(this.#deps, delivery.event, this.#stopping.signal);
      await inbox.markHandled(delivery.id, outcome);
      logger.info('webhook handled', { delivery: delivery.delivery, event: delivery.name, outcome });
      return true;
    } catch (error) {
      this.#stopping.signal.throwIfAborted();
      return this.#postponeOrFail(delivery, error);
    }
  }

  async #postponeOrFail(delivery: WaitingDelivery, error: unknown): Promise<boolean> {
    const { clock, inbox, logger, parkMs } = this.#deps;
    const fields = { delivery: delivery.delivery, event: delivery.name, error };
    const outage = error instanceof Outage ? error : undefined;
    const isWorthWaiting =
      outage === undefined ? delivery.tries + 1 < maxTries : clock.now() - delivery.receivedAt < parkMs;
    if (isWorthWaiting) {
      const backoffMs = Math.min(1_000 * 2 ** delivery.tries, longestBackoffMs);
      logger.warn('a webhook waits', fields);
      await inbox.postpone(delivery.id, clock.now() + Math.max(backoffMs, outage?.retryAfterMs ?? 0));
      return false;
    }
    const incident = randomBytes(4).toString('hex');
    logger.error('a webhook could not be handled', { ...fields, incident });
    await inbox.markFailed(delivery.id, outage?.detail ?? `ref ${incident}`);
    return true;
  }
}

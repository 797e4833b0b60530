import { randomBytes } from 'node:crypto';
import { Outage } from '../../domain/failure/failure.ts';
import type { Inbox, WaitingDelivery } from '../../ports/github.ts';
import { backoff } from '../pacing/wait.ts';
import { buildWorkLoop, type WorkLoop } from '../pacing/work-loop.ts';
import type { GitHubDeps } from './deps.ts';
import { handleEvent } from './handle-event.ts';

export interface InboxWorkerDeps extends GitHubDeps {
  readonly inbox: Inbox;
  /** How long a delivery waits for a git host that is down, in milliseconds, from PARK_HOURS. */
  readonly parkMs: number;
}

const batch = 20;
const idleMs = 5_000;
const maxTries = 5;
const longestBackoffMs = 5 * 60_000;

/**
 * Builds the worker that handles stored webhooks, those of one repository in order. A webhook that cannot be handled
 * stays redeliverable.
 */
export function buildInboxWorker(deps: InboxWorkerDeps): WorkLoop {
  const { clock, logger } = deps;
  return buildWorkLoop({
    clock,
    logger,
    idleMs,
    trouble: 'webhooks could not be looked into',
    work: async (signal) => (await handleDue(deps, signal)) > 0,
  });
}

async function handleDue(deps: InboxWorkerDeps, signal: AbortSignal): Promise<number> {
  let handled = 0;
  const waiting = new Set<number>();
  for (const delivery of await deps.inbox.listDue(batch)) {
    signal.throwIfAborted();
    const about = 'repository' in delivery.event ? delivery.event.repository.githubId : undefined;
    // An earlier webhook of the same repository has to wait.
    if (about !== undefined && waiting.has(about)) continue;
    if (await handle(deps, delivery, signal)) handled++;
    else if (about !== undefined) waiting.add(about);
  }
  return handled;
}

/** Returns false when the webhook has to be handled later. */
async function handle(
  deps: InboxWorkerDeps,
  delivery: WaitingDelivery,
  signal: AbortSignal,
): Promise<boolean> {
  const { inbox, logger } = deps;
  try {
    const outcome = await handleEvent(deps, delivery.event, signal);
    await inbox.markHandled(delivery.id, outcome);
    logger.info('webhook handled', { delivery: delivery.delivery, event: delivery.name, outcome });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    return postponeOrFail(deps, delivery, error);
  }
}

async function postponeOrFail(
  deps: InboxWorkerDeps,
  delivery: WaitingDelivery,
  error: unknown,
): Promise<boolean> {
  const { clock, inbox, logger, parkMs } = deps;
  const fields = { delivery: delivery.delivery, event: delivery.name, error };
  const outage = error instanceof Outage ? error : undefined;
  const isWorthWaiting =
    outage === undefined ? delivery.tries + 1 < maxTries : clock.now() - delivery.receivedAt < parkMs;
  if (isWorthWaiting) {
    const pauseMs = Math.max(backoff(1_000, delivery.tries, longestBackoffMs), outage?.retryAfterMs ?? 0);
    logger.warn('a webhook waits', fields);
    await inbox.postpone(delivery.id, clock.now() + pauseMs);
    return false;
  }
  const incident = randomBytes(4).toString('hex');
  logger.error('a webhook could not be handled', { ...fields, incident });
  await inbox.markFailed(delivery.id, outage?.detail ?? `ref ${incident}`);
  return true;
}

import type { Clock } from '../../ports/clock.ts';
import type { HookDeliveries } from '../../ports/github.ts';

export interface SweepDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly deliveries: HookDeliveries;
}

/** How long GitHub keeps deliveries. */
const keptMs = 3 * 24 * 3_600_000;

/**
 * Asks again for webhooks of the App that never arrived, oldest first, since GitHub does not try twice by itself.
 * Returns their ids. Throws Outage('git-host').
 */
export async function sweepDeliveries(deps: SweepDeps, signal: AbortSignal): Promise<readonly string[]> {
  const attempts = await deps.deliveries.list(deps.clock.now() - keptMs, signal);
  const arrived = new Set(attempts.filter(({ isDelivered }) => isDelivered).map(({ delivery }) => delivery));
  const asked = new Set<string>();
  for (const { id, delivery } of attempts.toReversed()) {
    if (arrived.has(delivery) || asked.has(delivery)) continue;
    asked.add(delivery);
    await deps.deliveries.redeliver(id, signal);
  }
  return [...asked];
}

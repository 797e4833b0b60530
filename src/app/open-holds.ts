import { watchHolds } from '../publisher/holds/watch-holds.ts';
import type { WorkLoop } from '../publisher/pacing/work-loop.ts';
import type { AppDeps, Parts } from './parts.ts';

/** Looks for the versions that held versions wait for; not started yet. */
export function openHolds(
  { clock, config, logger }: AppDeps,
  { registry, store }: Parts,
  onChange: () => void,
): WorkLoop {
  const parkMs = config.parkHours * 3_600_000;
  const { holds, outbox } = store;
  return watchHolds({ clock, logger, holds, outbox, registry, parkMs, onChange });
}

import type { Clock, SteadyClock } from '../../ports/clock.ts';

/** Shows what the host's clock showed at first, and the time that has passed since. */
export function buildSteadyClock(host: Clock): SteadyClock {
  let aheadMs = host.now() - host.monotonic();
  // Whole, as everything that is stored.
  const now = (): number => Math.round(host.monotonic() + aheadMs);
  return {
    now,
    monotonic: () => host.monotonic(),
    sleep: async (ms, signal) => host.sleep(ms, signal),
    step: () => host.now() - now(),
    follow: (stepMs) => {
      aheadMs += stepMs;
    },
  };
}

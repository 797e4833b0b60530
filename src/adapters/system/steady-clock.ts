import type { Clock, SteadyClock } from '../../ports/clock.ts';

/** Starts with the host's time and then advances by elapsed time only. */
export function buildSteadyClock(host: Clock): SteadyClock {
  let aheadMs = host.now() - host.monotonic();
  // Rounded, because all stored times are whole milliseconds.
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

import { addressKey } from './address-key.ts';

export interface FailureLimiter {
  /** Counts one failure; returns the seconds to wait when the address has had too many, else undefined. */
  countFailure(address: string): number | undefined;
}

export interface FailureLimits {
  readonly failures: number;
  readonly windowMs: number;
  /** Number of addresses remembered; the oldest is forgotten first. */
  readonly addresses: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

interface Window {
  readonly endsAt: number;
  count: number;
}

/**
 * Limits failed requests per address. Only failures count, so a stranger cannot lock out somebody who signs correctly.
 */
export function buildFailureLimiter(limits: FailureLimits): FailureLimiter {
  const windows = new Map<string, Window>();

  function findWindow(key: string, now: number): Window {
    const known = windows.get(key);
    if (known !== undefined && known.endsAt > now) return known;
    windows.delete(key);
    const oldest = windows.size >= limits.addresses ? windows.keys().next() : undefined;
    if (oldest?.done === false) windows.delete(oldest.value);
    const fresh = { endsAt: now + limits.windowMs, count: 0 };
    windows.set(key, fresh);
    return fresh;
  }

  return {
    countFailure(address) {
      const now = limits.now();
      const window = findWindow(addressKey(address), now);
      window.count++;
      return window.count > limits.failures ? Math.ceil((window.endsAt - now) / 1000) : undefined;
    },
  };
}

import { beforeEach, describe, expect, it } from 'vitest';
import { buildSteadyClock } from '../../../src/adapters/system/steady-clock.ts';
import type { SteadyClock } from '../../../src/ports/clock.ts';

const dayMs = 86_400_000;
let host: { shown: number; passed: number };
let clock: SteadyClock;

beforeEach(() => {
  host = { shown: Date.UTC(2026, 0, 1), passed: 12_345.6 };
  clock = buildSteadyClock({
    now: () => host.shown,
    monotonic: () => host.passed,
    sleep: async () => undefined,
  });
});

describe('the clock of a process', () => {
  it('starts with the host’s time and advances with the time that passes', () => {
    expect(clock.now()).toBe(Date.UTC(2026, 0, 1));
    host = { shown: host.shown + 500, passed: host.passed + 500 };
    expect(clock.now()).toBe(Date.UTC(2026, 0, 1) + 500);
    expect(clock.step()).toBe(0);
  });

  it.each([-dayMs, 3_600_000])(
    'does not move when the host’s clock is set by %i ms, but notices it',
    (by) => {
      host = { ...host, shown: host.shown + by };
      expect(clock.now()).toBe(Date.UTC(2026, 0, 1));
      expect(clock.step()).toBe(by);
    },
  );

  it('follows the host’s clock when told to, without an effect on measured durations', () => {
    const before = clock.monotonic();
    host = { shown: host.shown - dayMs, passed: host.passed + 250 };
    clock.follow(clock.step());
    expect(clock.now()).toBe(host.shown);
    expect(clock.step()).toBe(0);
    expect(clock.monotonic() - before).toBeCloseTo(250);
  });
});

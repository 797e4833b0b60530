import { describe, expect, it } from 'vitest';
import { buildAnewAfterStep } from '../../../src/adapters/system/after-step.ts';

describe('a value that depends on the clock', () => {
  it('is rebuilt once the clock was set, but not when time merely passes', () => {
    let nowMs = 1_000_000;
    let passedMs = 0;
    let built = 0;
    const find = buildAnewAfterStep({ now: () => nowMs, monotonic: () => passedMs }, () => ++built);
    nowMs += 86_400_000;
    passedMs += 86_400_000;
    expect(find()).toBe(1);
    nowMs -= 3_600_000;
    expect([find(), find()]).toEqual([2, 2]);
    nowMs += 500;
    expect(find()).toBe(2);
  });
});

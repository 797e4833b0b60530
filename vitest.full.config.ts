import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

/** Everything: the daily tests, and the long and random ones. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30 * 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // A busy machine is not a failure.
    expect: { poll: { timeout: 20_000 } },
  },
});

import { defineConfig } from 'vitest/config';

/** Everything: the daily tests, and the long and random ones. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30 * 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // A busy machine is not a failure.
    expect: { poll: { timeout: 20_000 } },
  },
});

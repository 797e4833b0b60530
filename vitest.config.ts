import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.full.test.ts', 'test/**/*.browser.test.ts'],
    // World tests start processes; a slow machine is not a failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // A busy machine is not a failure.
    expect: { poll: { timeout: 20_000 } },
  },
});

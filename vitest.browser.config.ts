import { defineConfig } from 'vitest/config';

/** What a person sees and presses, in a real Chromium: `CHROMIUM_PATH`, or /usr/bin/chromium. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.browser.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
    // A busy machine is not a failure.
    expect: { poll: { timeout: 20_000 } },
  },
});

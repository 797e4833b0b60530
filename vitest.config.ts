import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

const exclude = ['test/**/*.full.test.ts', 'test/**/*.browser.test.ts'];
/** They start processes, and some look at what their own process has: files, children, connections. */
const apart = ['test/{attacks,examples,faults,world}/**/*.test.ts', 'test/*.test.ts'];

export default defineConfig({
  test: {
    // World tests start processes; a slow machine is not a failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // A busy machine is not a failure.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      { extends: true, test: { name: 'worlds', include: apart, exclude } },
      // A worker for each of these files would take as long to start as most of them take to run.
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/*/**/*.test.ts'],
          exclude: [...exclude, ...apart],
          isolate: false,
        },
      },
    ],
  },
});

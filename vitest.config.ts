import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

const exclude = ['test/**/*.full.test.ts', 'test/**/*.browser.test.ts'];
/** They start no process: the larger the one that forks, the longer a fork takes. */
const together = [
  'test/{bot,config,domain,http,jobs,store}/**/*.test.ts',
  'test/publisher/{catalog,preflight,repair,shadow,survey}/**/*.test.ts',
];

export default defineConfig({
  test: {
    // World tests start processes; a slow machine is not a failure.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // A busy machine is not a failure.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: { name: 'apart', include: ['test/**/*.test.ts'], exclude: [...exclude, ...together] },
      },
      // A worker for each of these files would take as long to start as most of them take to run.
      {
        extends: true,
        test: {
          name: 'together',
          include: together,
          exclude,
          isolate: false,
        },
      },
    ],
  },
});

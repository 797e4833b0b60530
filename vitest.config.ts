import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

const exclude = ['test/**/*.full.test.ts', 'test/**/*.browser.test.ts'];
/** They start processes, or change what others of the same worker would read. */
const apart = [
  'test/{attacks,examples,faults,world}/**/*.test.ts',
  'test/publisher/{github,operations}/**/*.test.ts',
  'test/publisher/**/{check-loop,prepare-only,read-ranges,reading,write-back}.test.ts',
  'test/adapters/{git,list-heads,resolve-ref,packer,commit-checks,lfs-faults}*.test.ts',
  'test/*.test.ts',
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
      { extends: true, test: { name: 'apart', include: apart, exclude } },
      // A worker for each of these files would take as long to start as most of them take to run.
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: [...exclude, ...apart],
          isolate: false,
        },
      },
    ],
  },
});

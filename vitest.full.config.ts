import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** They take minutes each: begun last, one worker would go on with them while the other has nothing to do. */
const longest = ['faults/kill.full', 'faults/thousand.full', 'attacks/find-planted-secrets.full'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      longest.some((name) => moduleId.includes(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

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

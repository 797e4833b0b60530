import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Begun last, one worker would go on with one of them while the others have nothing to do. The longest first. */
const longest = [
  'faults/kill.full',
  'faults/thousand.full',
  'attacks/find-planted-secrets.full',
  'faults/kill',
  'world/shutdown',
  'world/changelog',
  'world/thread-presses',
  'publisher/github/registration',
  'attacks/read-our-secrets',
  'world/catch-up',
  'world/packages',
  'workflows',
  'world/versions',
  'world/load',
  'publisher/operations/drift',
  'world/commands',
  'bot/client',
  'sandbox/discord-gateway',
];

/** Where a file stands among the longest; behind all of them when it is none. */
function rankOf({ moduleId }: TestSpecification): number {
  const rank = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return rank < 0 ? longest.length : rank;
}

/** The order of files for Vitest: as it would have them, but for those that take long. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}

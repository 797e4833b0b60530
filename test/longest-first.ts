import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Test files that take longest, longest first. Begun last, one of them would keep a single worker busy while the others
 * have nothing to do. Those that start many processes at once are kept apart.
 */
const longest = [
  'faults/kill.full',
  'faults/thousand.full',
  'attacks/find-planted-secrets.full',
  'world/shutdown',
  'world/thread-presses',
  'publisher/github/registration',
  'world/changelog',
  'faults/kill',
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

/** Returns a file's place among the longest; files that are not listed come behind all of them. */
function rankOf({ moduleId }: TestSpecification): number {
  const rank = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
  return rank < 0 ? longest.length : rank;
}

/** Orders files as Vitest does, but begins with those that take long. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}

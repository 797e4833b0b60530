import { afterAll, beforeAll, expect, it } from 'vitest';
import { World } from '../../sandbox/world.ts';
import { type Round, race } from './two-publishers.ts';

let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterAll(async () => world.stop());

const commits = 10;
/** Sizes of the other tarball: about as long as ours, and larger ones that take the registry longer to write. */
const sizes = [600, 20_000, 600_000, 4_000_000, 16_000_000];

it(`the process never calls a version published whose served bytes are another’s, in ${commits * sizes.length} races of two publishers`, async () => {
  const seen: Round[] = [];
  for (let commit = 0; commit < commits; commit++) {
    const racing = sizes.map((bytes) => [`com.studio.race${commit}.of${bytes}`, bytes] as const);
    seen.push(...(await race(world, Object.fromEntries(racing))));
  }
  const torn = seen.filter(({ isWhole }) => !isWhole);
  // Without such an outcome the race did not happen and nothing was tested.
  expect(torn.length).toBeGreaterThan(0);
  expect(torn.filter(({ outcome }) => outcome === 'published')).toEqual([]);
}, 600_000);

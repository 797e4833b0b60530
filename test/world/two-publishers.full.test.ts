import { afterAll, beforeAll, expect, it } from 'vitest';
import { World } from '../../sandbox/world.ts';
import { type Round, raceFor } from './two-publishers.ts';

let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterAll(async () => world.stop());

const rounds = Number(process.env['ROUNDS'] ?? 50);
/** Of the other one's tarball: about as long as ours, and such that take the registry longer to write. */
const sizes = [600, 20_000, 600_000, 4_000_000, 16_000_000];

it(`never calls a version published whose served bytes are another’s, in ${rounds} races of two publishers`, async () => {
  const seen: Round[] = [];
  for (let round = 0; round < rounds; round++) {
    const t = performance.now();
    seen.push(await raceFor(world, `com.studio.race${round}`, sizes[round % sizes.length] ?? 0));
    console.log(JSON.stringify([round, performance.now() - t, seen.at(-1)]));
  }
  const torn = seen.filter(({ isWhole }) => !isWhole);
  console.log(JSON.stringify(seen.map((r, i) => [i % 5, r.outcome, r.theirStatus, r.isWhole])));
  // Else nothing was tried here.
  expect(torn.length).toBeGreaterThan(0);
  expect(torn.map(({ reason }) => reason)).toEqual(torn.map(() => 'published-copy-differs'));
}, 300_000);

import { afterAll, beforeAll, describe } from 'vitest';
import { World } from '../../sandbox/world.ts';
import { describeManyPackages, many } from './many-packages.ts';

let world: World;

beforeAll(async () => {
  world = await World.start({ repositories: [{ slug: many }] });
});

afterAll(async () => world.stop());

describe('a large repository', () => {
  describeManyPackages(() => world, 109);
});

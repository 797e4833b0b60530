import { afterAll, beforeAll } from 'vitest';
import { World } from '../../sandbox/world.ts';
import { describeManyPackages, many } from './many-packages.ts';

let world: World;

beforeAll(async () => {
  world = await World.start({ repositories: [{ slug: many }] });
});

afterAll(async () => world.stop());

describeManyPackages(() => world, 109);

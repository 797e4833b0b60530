import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { World } from '../../sandbox/world.ts';
import { killBehind, many } from './killed-behind.ts';

let world: World;

beforeAll(async () => {
  world = await World.start({ repositories: [{ slug: many }] });
});

afterAll(async () => world.stop());

describe('a thousand dispatches at once', () => {
  it('are all accepted and none is lost when the process is killed right after its answers', async () => {
    const { promised, distinct, kept, reported } = await killBehind(world, 1_000);
    expect(kept).toEqual(promised);
    expect([promised.length, distinct, reported]).toEqual([1_000, 1_000, 1_000]);
  });
});

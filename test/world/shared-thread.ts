import type { DiscordDouble } from 'discord-stand-in';
import { afterAll, beforeAll } from 'vitest';
import { World, type WorldOptions } from '../../sandbox/world.ts';

export let world: World;
export let discord: DiscordDouble;

/** Call at the top of a test file: one world with the bot for all its tests. */
export function useSharedThread(options: WorldOptions = {}): void {
  beforeAll(async () => {
    world = await World.start({ ...options, discord: true });
    if (world.discord === undefined) throw new Error('a world without a Discord');
    ({ discord } = world);
  });
  afterAll(async () => world?.stop());
}

import { join } from 'node:path';
import type { World } from '../../sandbox/world.ts';
import { type Ended, runCommand } from './command-line.ts';

/** Runs `npm run restore` on the world's data, with only the one setting that it needs. */
export async function restore(world: World, ...args: readonly string[]): Promise<Ended> {
  const { folder } = world;
  return runCommand('restore', { folder, env: { DATA_DIR: join(folder, 'data') } }, args);
}

import type { World } from '../../sandbox/world.ts';
import { type Batch, countPuts, type KillableWorld, pushBatch, startKillable } from './killed-batch.ts';

export const core = 'com.studio.core';
export const ui = 'com.studio.ui';

/** Gives each test its own world: a killed PUT takes seconds to settle, and the tests overlap. */
export async function inWorld(work: (killable: KillableWorld, pair: Batch) => Promise<void>): Promise<void> {
  const killable = await startKillable();
  try {
    await work(killable, pushBatch(killable.world, killable.world.slug, [core, ui], '1.0.0'));
  } finally {
    await killable.world.stop();
  }
}

export function putsOf(world: World): readonly number[] {
  return [countPuts(world, core), countPuts(world, ui)];
}

import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { World } from '../../sandbox/world.ts';
import { readCount } from '../world/stored-rows.ts';
import {
  type Batch,
  countPuts,
  dispatchBatch,
  type KillableWorld,
  publishedOnce,
  pushBatch,
  readOutcome,
  startKillable,
} from './killed-batch.ts';
import { buildRandom } from './seeded.ts';

const rounds = 200;
const seed = Number(process.env['KILL_SEED'] ?? randomInt(2 ** 31));
/** The process recovers a job from two crashes; the third one ends the job. */
const crashesAtMost = 2;
const linesAtMost = 40;

let killable: KillableWorld;

beforeAll(async () => {
  killable = await startKillable();
});

afterAll(async () => killable.world.stop());

/**
 * Kills the process at a random line or after a random time, perhaps twice; returns the dispatch, whose job may end
 * now.
 */
async function survive(world: World, batch: Batch, random: (below: number) => number): Promise<string> {
  let armed = arm(world, random);
  const id = await dispatchBatch(world, batch);
  for (;;) {
    const ended = world.finished(id).then(
      () => 'job',
      () => 'process',
    );
    const what = await Promise.race([armed.fallen, ended]);
    armed.disarm();
    // Restarts even when the job has ended: that must not change it, and the kill may be under way.
    if (what === 'job' || world.process === armed.process) await world.restart('SIGKILL');
    if (what === 'job' || countCrashes(world, batch) >= crashesAtMost || random(2) === 0) return id;
    armed = arm(world, random);
  }
}

function countCrashes(world: World, batch: Batch): number {
  const sql =
    'select sum(crashes) from jobs join dispatches on dispatches.id = dispatch_id where commit_sha = ?';
  return readCount(world, sql, batch.commit);
}

interface Armed {
  readonly process: World['process'];
  readonly fallen: Promise<string>;
  readonly disarm: () => void;
}

function arm(world: World, random: (below: number) => number): Armed {
  const { process } = world;
  const fallen = process.exited.then(() => 'process');
  if (random(3) === 0) {
    const timer = setTimeout(() => process.kill('SIGKILL'), random(400));
    return { process, fallen, disarm: () => clearTimeout(timer) };
  }
  let left = 1 + random(linesAtMost);
  killable.killAt(() => --left === 0);
  return { process, fallen, disarm: () => killable.killAt(() => false) };
}

it(`the process publishes every package once, whenever it is killed (KILL_SEED=${seed})`, async () => {
  const { world } = killable;
  const random = buildRandom(seed);
  console.log(`KILL_SEED=${seed}`);
  for (let round = 1; round <= rounds; round++) {
    const names = Array.from({ length: 1 + random(4) }, (_, index) => `com.studio.tool${index}`);
    const batch = pushBatch(world, world.slug, names, `1.0.${round}`);
    world.proxy.clear();
    const id = await survive(world, batch, random);
    const outcome = await readOutcome(world, batch, await world.finished(id));
    expect(outcome, `round ${round}`).toEqual(publishedOnce(batch));
    // An interrupted PUT is repeated, at most once for each kill.
    const puts = names.map((name) => countPuts(world, name));
    expect(Math.max(...puts), `round ${round}`).toBeLessThanOrEqual(1 + crashesAtMost);
  }
});

import { describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../sandbox/fault-proxy.ts';
import type { World } from '../../sandbox/world.ts';
import {
  type Batch,
  countPuts,
  isStage,
  type KillableWorld,
  listIntents,
  publishedOnce,
  publishThroughKill,
  pushBatch,
  readOutcome,
  startKillable,
} from './killed-batch.ts';

const core = 'com.studio.core';
const ui = 'com.studio.ui';
/** The one that may have to wait comes first: the others pass meanwhile. */
const packageStages = [
  'publish',
  'changelog',
  'stage-files',
  'pack',
  'preflight',
  'record-intent',
  'read-back',
];

/** A world of its own for each test: what a killed PUT leaves behind takes seconds to settle, and they overlap. */
async function inWorld(work: (killable: KillableWorld, pair: Batch) => Promise<void>): Promise<void> {
  const killable = await startKillable();
  try {
    await work(killable, pushBatch(killable.world, killable.world.slug, [core, ui], '1.0.0'));
  } finally {
    await killable.world.stop();
  }
}

function putsOf(world: World): readonly number[] {
  return [countPuts(world, core), countPuts(world, ui)];
}

describe.concurrent('a process that is killed', () => {
  it('while its PUT is lost on the way, sends the recorded bytes once more', async () => {
    await inWorld(async ({ world }, pair) => {
      const { process } = world;
      spoilFirstPut(world, ui, () => {
        process.kill('SIGKILL');
        return { kind: 'hang' };
      });
      const { job, before } = await publishThroughKill(world, pair);
      expect(await readOutcome(world, pair, job)).toEqual(publishedOnce(pair));
      expect(listIntents(world, pair)).toEqual(before);
      expect(putsOf(world)).toEqual([1, 2]);
    });
  });

  const boundaries = packageStages.flatMap((stage) => [core, ui].map((name) => [stage, name] as const));
  it.each(boundaries)(
    'in stage %s of %s, publishes both packages once after the restart',
    async (stage, name) => {
      await inWorld(async ({ world, killAt }, pair) => {
        killAt(isStage(stage, name));
        const { job, before } = await publishThroughKill(world, pair);
        expect(await readOutcome(world, pair, job)).toEqual(publishedOnce(pair));
        expect(listIntents(world, pair)).toEqual(expect.arrayContaining([...before]));
        expect(countPuts(world, name === core ? ui : core)).toBe(1);
        // Killed in the middle of its PUT, which then was torn: sent again, once.
        expect(countPuts(world, name)).toBeLessThanOrEqual(stage === 'publish' ? 2 : 1);
      });
    },
  );

  it('right after it accepted a dispatch, runs it after the restart', async () => {
    await inWorld(async ({ world }, pair) => {
      const { id } = await world.dispatch(pair.commit);
      await world.restart('SIGKILL');
      expect(await readOutcome(world, pair, await world.finished(id))).toEqual(publishedOnce(pair));
    });
  });

  it.each(['fetch', 'list', 'read-manifests', 'judge'])(
    'in stage %s, publishes both packages once after the restart',
    async (stage) => {
      await inWorld(async ({ world, killAt }, pair) => {
        killAt(isStage(stage));
        const { job } = await publishThroughKill(world, pair);
        expect(await readOutcome(world, pair, job)).toEqual(publishedOnce(pair));
        expect(putsOf(world)).toEqual([1, 1]);
      });
    },
  );

  it('after it recorded that the job is done, does not publish or announce it again', async () => {
    await inWorld(async ({ world, killAt }, pair) => {
      killAt((line) => line.msg === 'job finished');
      const { job } = await publishThroughKill(world, pair);
      expect(await readOutcome(world, pair, job)).toEqual(publishedOnce(pair));
      expect(putsOf(world)).toEqual([1, 1]);
    });
  });

  it('after the registry stored its PUT and before the answer, finds it as its own', async () => {
    await inWorld(async ({ world }, pair) => {
      const { process } = world;
      spoilFirstPut(world, ui, () => ({ kind: 'store-then-hang' }));
      const stored = vi.waitUntil(async () => world.packument(ui), { timeout: 30_000, interval: 10 });
      const killed = stored.then(() => process.kill('SIGKILL'));
      const [{ job, before }] = await Promise.all([publishThroughKill(world, pair), killed]);
      expect(await readOutcome(world, pair, job)).toEqual(publishedOnce(pair));
      expect(listIntents(world, pair)).toEqual(before);
      expect(putsOf(world)).toEqual([1, 1]);
    });
  });
});

// By itself: its restart has to be quicker than the landing window.
describe('a process that is killed', () => {
  it('while its PUT is still on the way, waits for it after the restart instead of sending another one', async () => {
    await inWorld(async ({ world }, pair) => {
      const { process } = world;
      const held = async (): Promise<void> => {
        process.kill('SIGKILL');
        await vi.waitUntil(() => world.process !== process, { timeout: 30_000 });
        await world.process.waitFor(isStage('read-back', ui));
      };
      spoilFirstPut(world, ui, () => ({ kind: 'store-then-hang', held }));
      const { job, before } = await publishThroughKill(world, pair);
      expect(await readOutcome(world, pair, job)).toEqual(publishedOnce(pair));
      expect(listIntents(world, pair)).toEqual(before);
      expect(putsOf(world)).toEqual([1, 1]);
    });
  });
});

function spoilFirstPut(world: World, name: string, spoil: () => Fault): void {
  world.proxy.setFaults(({ method, path, count }) =>
    method === 'PUT' && path === `/${name}` && count === 1 ? spoil() : undefined,
  );
}

import { describe, expect, it } from 'vitest';
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
const packageStages = [
  'changelog',
  'stage-files',
  'pack',
  'preflight',
  'record-intent',
  'publish',
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

  const boundaries = [core, ui].flatMap((name) => packageStages.map((stage) => [stage, name] as const));
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

  it('after it recorded that the job is done, does not publish or announce it again', async () => {
    await inWorld(async ({ world, killAt }, pair) => {
      killAt((line) => line.msg === 'job finished');
      const { job } = await publishThroughKill(world, pair);
      expect(await readOutcome(world, pair, job)).toEqual(publishedOnce(pair));
      expect(putsOf(world)).toEqual([1, 1]);
    });
  });

  it('while the registry has not read its PUT yet, sends the recorded bytes once more', async () => {
    await inWorld(async ({ world }, pair) => {
      killAtFirstPut(world, ui, { kind: 'hang' });
      const { job, before } = await publishThroughKill(world, pair);
      expect(await readOutcome(world, pair, job)).toEqual(publishedOnce(pair));
      expect(listIntents(world, pair)).toEqual(before);
      expect(putsOf(world)).toEqual([1, 2]);
    });
  });

  it('after the registry stored its PUT and before the answer, finds it as its own', async () => {
    await inWorld(async ({ world }, pair) => {
      killAtFirstPut(world, ui, { kind: 'store-then-hang' });
      const { job, before } = await publishThroughKill(world, pair);
      expect(await readOutcome(world, pair, job)).toEqual(publishedOnce(pair));
      expect(listIntents(world, pair)).toEqual(before);
      expect(putsOf(world)).toEqual([1, 1]);
    });
  });
});

/** The first PUT of this name suffers the fault; the process dies when the fault has done its part. */
function killAtFirstPut(world: World, name: string, fault: Fault): void {
  const { process } = world;
  const isStored = async (): Promise<void> => {
    while ((await world.packument(name)) === undefined);
  };
  world.proxy.setFaults(({ method, path, count }) => {
    if (method !== 'PUT' || path !== `/${name}` || count > 1) return undefined;
    const due = fault.kind === 'hang' ? Promise.resolve() : isStored();
    void due.finally(() => process.kill('SIGKILL'));
    return fault;
  });
}

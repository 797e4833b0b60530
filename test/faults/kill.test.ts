import { describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../sandbox/fault-proxy.ts';
import type { World } from '../../sandbox/world.ts';
import { isStage, listIntents, publishedOnce, publishThroughKill, readOutcome } from './killed-batch.ts';
import { inWorld, putsOf, ui } from './killed-pair.ts';

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

  it('right after it accepted a dispatch, runs it after the restart', async () => {
    await inWorld(async ({ world }, pair) => {
      const { id } = await world.dispatch(pair.commit);
      await world.restart('SIGKILL');
      expect(await readOutcome(world, pair, await world.finished(id))).toEqual(publishedOnce(pair));
    });
  });

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

// A describe of its own, not concurrent: its restart has to be quicker than the landing window.
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

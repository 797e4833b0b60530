import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { World } from '../../sandbox/world.ts';
import { announced, core, lookAgain, other, tool } from './unannounced.ts';

let world: World;
beforeAll(async () => {
  world = await World.start({
    repositories: [{ slug: other }],
    env: { CATCH_UP_MINUTES: '10', LOG_LEVEL: 'debug' },
  });
  world.push({ files: core('1.0.0') });
  world.push({ files: tool('2.0.0') }, other);
  for (const job of await lookAgain(world)) await announced(world, job);
});
afterAll(async () => {
  await world?.stop();
});

describe('pushes that no event announced', () => {
  it('become no job when they change no manifest', async () => {
    world.push({ files: { 'README.md': '# Tools\n' } });
    expect(await lookAgain(world)).toEqual([]);
  });

  it('are not repeated when they were announced and failed', async () => {
    const commit = world.push({ files: { 'Core/package.json': '{ "name": "com.studio.core"' } });
    const { id } = await world.dispatch(commit);
    expect((await world.finished(id)).status).toBe('failed');
    expect(await lookAgain(world)).toEqual([]);
  });

  it('are found on a default branch that was renamed meanwhile', async () => {
    world.github.renameDefaultBranch(other, 'trunk');
    expect(await lookAgain(world)).toEqual([]);
    world.push({ branch: 'trunk', files: tool('2.0.1') }, other);
    const [job] = await lookAgain(world);
    expect(await announced(world, job ?? 0)).toMatchObject({ status: 'published' });
    expect((await world.packument('com.studio.tool'))?.['dist-tags']).toMatchObject({ latest: '2.0.1' });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meta, unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { announced, core, lookAgain, other, tool } from './unannounced.ts';

let world: World;
beforeAll(async () => {
  const repositories = [{ slug: other }, { slug: 'studio/off', settings: { status: 'disabled' } }];
  world = await World.start({ repositories, env: { CATCH_UP_MINUTES: '10', LOG_LEVEL: 'debug' } });
});
afterAll(async () => {
  await world?.stop();
});

async function publishedAt(name: string, version: string): Promise<number> {
  const packument = (await world.packument(name)) as
    | { readonly time?: Readonly<Record<string, string>> }
    | undefined;
  return Date.parse(packument?.time?.[version] ?? '');
}

async function versions(name: string): Promise<readonly string[]> {
  return Object.keys((await world.packument(name))?.versions ?? {});
}

describe('pushes that no event announced', () => {
  it('are published when the process looks, once each, and the message says that they are late', async () => {
    world.push({ files: core('1.0.0') });
    world.push({ files: tool('2.0.0') }, other);
    world.push({ files: unityPackage('com.studio.off', '1.0.0') }, 'studio/off');
    const jobs = await lookAgain(world);
    expect(jobs).toHaveLength(2);
    for (const job of jobs) {
      expect(await announced(world, job)).toMatchObject({ status: 'published', requestedBy: 'catch-up' });
    }
    expect([await versions('com.studio.core'), await versions('com.studio.tool')]).toEqual([
      ['1.0.0'],
      ['2.0.0'],
    ]);
    expect(await versions('com.studio.off')).toEqual([]);
    expect(await lookAgain(world)).toEqual([]);
  });

  it('are published one by one in their order, once each, with the changelog of their own commits', async () => {
    const mixer = (version: string) => unityPackage('com.studio.mixer', version, { folder: 'Mixer' });
    const bumped = (version: string) => ({ 'Core/package.json': core(version)['Core/package.json'] ?? '' });
    const work = { 'Core/Runtime/Duck.cs': 'class Duck {}\n', 'Core/Runtime/Duck.cs.meta': meta('duck') };
    const more = { 'Core/Runtime/Swan.cs': 'class Swan {}\n', 'Core/Runtime/Swan.cs.meta': meta('swan') };
    world.push({ files: { ...bumped('1.0.1'), ...work }, message: 'feat: duck under dialogue' });
    world.push({ files: mixer('3.0.0') });
    world.push({ files: { ...bumped('1.0.2'), ...more }, message: 'feat: a swan' });
    const jobs = await lookAgain(world);
    expect(jobs).toHaveLength(3);
    const told = [];
    for (const job of jobs) told.push(await announced(world, job));
    expect(told.map(({ packages }) => packages)).toMatchObject([
      [{ name: 'com.studio.core', version: '1.0.1', changelog: expect.stringMatching(/duck/i) }],
      [{ name: 'com.studio.mixer', version: '3.0.0' }],
      [
        {
          name: 'com.studio.core',
          version: '1.0.2',
          changelog: expect.stringMatching(/^(?!.*duck).*swan/is),
        },
      ],
    ]);
    for (const { requestedBy, foundLateMs } of told) {
      expect([requestedBy, foundLateMs]).toEqual(['catch-up', expect.any(Number)]);
    }
    const times = [
      await publishedAt('com.studio.core', '1.0.1'),
      await publishedAt('com.studio.mixer', '3.0.0'),
      await publishedAt('com.studio.core', '1.0.2'),
    ];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect((await world.packument('com.studio.core'))?.['dist-tags']).toMatchObject({ latest: '1.0.2' });
  });

  it('wait while the git host is down, and are published when it is back', async () => {
    world.push({ files: tool('2.0.1') }, other);
    world.host.setFault({ kind: 'status', status: 502 });
    expect(await lookAgain(world)).toEqual([]);
    world.host.setFault(undefined);
    // Only one job: what was published above is not looked at again.
    const [job, ...others] = await lookAgain(world);
    expect(others).toEqual([]);
    expect(await announced(world, job ?? 0)).toMatchObject({ status: 'published' });
  });
});

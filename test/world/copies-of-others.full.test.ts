import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { putByHand } from './by-hand.ts';
import { listHolds } from './held-versions.ts';
import { folderOf, releaseVersion, versionsOf } from './releasing.ts';
import { packageOf } from './report-reading.ts';

const owner = 'studio/lib';
let world: World;

beforeAll(async () => {
  world = await World.start({ repositories: [{ slug: owner }] });
});
afterAll(async () => world?.stop());

/** One commit with a copy of the dependency as 2.0.0, and a package that needs that version. */
async function publishBeside(copy: string, app: string) {
  const files = {
    ...unityPackage(copy, '2.0.0', { folder: folderOf(copy) }),
    ...unityPackage(app, '1.0.0', { folder: folderOf(app), dependencies: { [copy]: '2.0.0' } }),
  };
  const job = await world.publish({ files });
  expect(packageOf(job, copy)).toMatchObject({ outcome: 'excluded' });
  return packageOf(job, app);
}

describe('a copy of somebody else’s package in the commit is no version of it on the registry', () => {
  it('holds what needs that version until its owner publishes it', async () => {
    const [lib, app] = ['com.studio.lib', 'com.studio.app.held'];
    await releaseVersion(world, lib, '1.0.0', { repository: owner });
    expect(await publishBeside(lib, app)).toMatchObject({
      outcome: 'held',
      title: `Held: it needs ${lib} 2.0.0, not on the registry yet`,
    });
    expect(await versionsOf(world, app)).toEqual([]);
    await releaseVersion(world, lib, '2.0.0', { repository: owner });
    await expect.poll(async () => versionsOf(world, app), { timeout: 60_000 }).toEqual(['1.0.0']);
    const outcomes = () => listHolds(world, app).map(({ outcome }) => outcome);
    await expect.poll(outcomes).toEqual(['published']);
  });

  it('warns what needs a version that strangers have to publish', async () => {
    const [lib, app] = ['com.stranger.lib', 'com.studio.app.warned'];
    const bytes = Buffer.from('by hand');
    await putByHand(world.registry, { name: lib, version: '1.0.0' }, { bytes, integrity: 'sha512-AAAA' });
    expect(await publishBeside(lib, app)).toMatchObject({
      outcome: 'published',
      findings: [
        {
          rule: 'deps.available',
          severity: 'warn',
          message: expect.stringContaining(`${lib} has no version 2.0.0 on the registry`),
        },
      ],
    });
    expect(await versionsOf(world, lib)).toEqual(['1.0.0']);
  });
});

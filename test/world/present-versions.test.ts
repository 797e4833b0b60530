import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { putByHand } from './by-hand.ts';
import { folderOf, releaseVersion, versionsOf } from './releasing.ts';
import { packageOf, uploadsAt } from './report-reading.ts';
import { race } from './two-publishers.ts';

let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterAll(async () => world.stop());

describe('a version that is already on the registry', () => {
  const putVersion = async (name: string): Promise<void> => {
    const bytes = Buffer.from(`by hand ${name}`);
    await putByHand(world.registry, { name, version: '1.0.0' }, { bytes, integrity: 'sha512-AAAA' });
  };

  async function unpublish(name: string): Promise<void> {
    const answer = await fetch(`${world.registry.url}${name}/-rev/1`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${world.registry.token}` },
    });
    expect(answer.ok).toBe(true);
    expect(await world.packument(name)).toBeUndefined();
  }

  it('with somebody else’s bytes is skipped, and left as it is', async () => {
    const name = 'com.studio.byhand';
    await putVersion(name);
    world.proxy.clear();
    const job = await releaseVersion(world, name, '1.0.0');
    expect(job.status).toBe('nothing-to-publish');
    expect(packageOf(job, name)).toMatchObject({
      outcome: 'skipped',
      reason: null,
      title: '1.0.0 is already on the registry',
    });
    expect(uploadsAt(world)).toEqual([]);
    expect((await world.packument(name))?.versions['1.0.0']?.dist.integrity).toBe('sha512-AAAA');
  });

  it('with our document but another publisher’s bytes is not called published', async () => {
    const names = ['one', 'two', 'three'].map((word) => `com.studio.race.${word}`);
    const rounds = await race(world, Object.fromEntries(names.map((name) => [name, 5_000])));
    expect(rounds.filter(({ isWhole, outcome }) => !isWhole && outcome === 'published')).toEqual([]);
  });

  it('with other bytes than we published from this commit fails as a conflict', async () => {
    const name = 'com.studio.conflict';
    const files = unityPackage(name, '1.0.0', { folder: folderOf(name) });
    const commit = world.push({ files });
    const ours = await world.finished((await world.dispatch(commit)).id);
    const expected = packageOf(ours, name).integrity;
    await unpublish(name);
    await putVersion(name);
    world.proxy.clear();
    const { id } = await world.dispatch(commit, { package_path: folderOf(name) });
    const job = await world.finished(id);
    expect(job.status).toBe('failed');
    expect(packageOf(job, name)).toMatchObject({
      outcome: 'failed',
      reason: 'published-copy-differs',
      title: 'The registry holds other bytes for 1.0.0 than we published from this commit',
    });
    expect(expected).not.toBe('sha512-AAAA');
    expect(uploadsAt(world)).toEqual([]);
  });

  it('from us is skipped with the job that published it', async () => {
    const name = 'com.studio.again';
    const first = await releaseVersion(world, name, '1.0.0');
    const files = { [`${folderOf(name)}/package.json`]: `${JSON.stringify({ name, version: '1.0.0' })}\n` };
    const job = await world.publish({ files });
    expect(packageOf(job, name)).toMatchObject({
      outcome: 'skipped',
      title: `1.0.0 is already on the registry (#${first.job})`,
    });
  });

  it('counts as there for a registry whose cache does not show it yet', async () => {
    const [name, app] = ['com.studio.cached', 'com.studio.app'];
    const first = await releaseVersion(world, name, '1.0.0');
    world.proxy.setFaults(({ path }) =>
      path === `/${name}` ? { kind: 'hide-version', version: '1.0.0' } : undefined,
    );
    const job = await world.publish({
      files: {
        [`${folderOf(name)}/package.json`]: `${JSON.stringify({ name, version: '1.0.0' })}\n`,
        ...unityPackage(app, '1.0.0', { folder: folderOf(app), dependencies: { [name]: '1.0.0' } }),
      },
    });
    world.proxy.clear();
    expect(packageOf(job, name)).toMatchObject({
      outcome: 'skipped',
      title: `1.0.0 is already on the registry (#${first.job})`,
    });
    expect(packageOf(job, app)).toMatchObject({ outcome: 'published', findings: [] });
  });

  it('is never published again once it was withdrawn, by the same commit or a later one', async () => {
    const name = 'com.studio.withdrawn';
    const files = unityPackage(name, '1.0.0', { folder: folderOf(name) });
    const commit = world.push({ files });
    await world.finished((await world.dispatch(commit)).id);
    await unpublish(name);
    world.proxy.clear();
    const { id } = await world.dispatch(commit, { package_path: folderOf(name) });
    const again = packageOf(await world.finished(id), name);
    expect(again).toMatchObject({ outcome: 'withdrawn', reason: 'version-withdrawn' });
    expect(again.remedy).toContain('Bump `version`');
    const later = await world.publish({
      files: {
        ...files,
        [`${folderOf(name)}/package.json`]: `${JSON.stringify({ name, version: '1.0.0' })}\n`,
      },
    });
    expect(packageOf(later, name)).toMatchObject({ outcome: 'withdrawn' });
    expect(uploadsAt(world)).toEqual([]);
    const bumped = await releaseVersion(world, name, '1.0.1');
    expect(packageOf(bumped, name)).toMatchObject({ outcome: 'published', distTag: 'latest' });
    expect(await versionsOf(world, name)).toEqual(['1.0.1']);
  });
});

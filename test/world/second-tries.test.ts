import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { announcementsOf } from './event-order.ts';
import { listHolds, type Piece, send } from './held-versions.ts';
import { folderOf, releaseVersion } from './releasing.ts';
import { outcomesOf, packageOf, uploadsAt } from './report-reading.ts';

let world: World;

beforeAll(async () => {
  const slugs = [
    'studio/broken',
    'studio/chain',
    'studio/refused',
    'studio/secret',
    'studio/needs',
    'studio/needed',
    'studio/twins',
    'studio/stuck',
  ];
  world = await World.start({ repositories: slugs.map((slug) => ({ slug })) });
});

afterAll(async () => world.stop());

describe('a second try', () => {
  it('publishes a broken manifest as soon as a later commit fixes it, and only that', async () => {
    const repository = 'studio/broken';
    const folder = 'Packages/mend';
    const good = unityPackage('com.studio.mend', '1.0.0', { folder });
    const neighbour = unityPackage('com.studio.fine', '1.0.0', { folder: 'Packages/fine' });
    const broken = { ...good, ...neighbour, [`${folder}/package.json`]: '{"name": "com.studio.mend",' };
    const before = await world.publish({ files: broken }, { repository });
    expect(before.status).toBe('partially-failed');
    expect(outcomesOf(before)).toEqual({ [folder]: 'failed', 'com.studio.fine': 'published' });
    expect(packageOf(before, folder)).toMatchObject({ reason: 'manifest-invalid' });
    const after = await world.publish({ files: good }, { repository });
    expect(after.status).toBe('published');
    expect(outcomesOf(after)).toEqual({ 'com.studio.mend': 'published', 'com.studio.fine': 'unchanged' });
  });

  it('holds the dependents of a failed package, says so in one line, and publishes them with the fix', async () => {
    const repository = 'studio/chain';
    const base = unityPackage('com.studio.base', '1.0.0', { folder: 'Packages/base' });
    const { 'Packages/base/Runtime/Example.cs.meta': missing, ...incomplete } = base;
    const dependents = ['com.studio.left', 'com.studio.right'].map((name) =>
      unityPackage(name, '1.0.0', {
        folder: `Packages/${name}`,
        dependencies: { 'com.studio.base': '1.0.0' },
      }),
    );
    const top = unityPackage('com.studio.top', '1.0.0', {
      folder: 'Packages/top',
      dependencies: { 'com.studio.left': '1.0.0' },
    });
    const files = Object.assign({}, incomplete, ...dependents, top) as TreeFiles;
    const before = await world.publish({ files }, { repository });
    expect(before.status).toBe('failed');
    expect(outcomesOf(before)).toEqual({
      'com.studio.base': 'failed',
      'com.studio.left': 'held',
      'com.studio.right': 'held',
      'com.studio.top': 'held',
    });
    expect(packageOf(before, 'com.studio.left')).toMatchObject({ reason: 'dependency-held' });
    expect(await world.packument('com.studio.left')).toBeUndefined();
    const line = await world.process.waitFor(
      (item) => item.msg === 'announcement' && JSON.stringify(item).includes(`"job":${before.job}`),
    );
    expect(line).toMatchObject({ announcement: { counts: { failed: 1, held: 3 } } });
    world.proxy.clear();
    const fix = { 'Packages/base/Runtime/Example.cs.meta': missing ?? '' };
    const after = await world.publish({ files: fix }, { repository });
    expect(after.status).toBe('published');
    expect(new Set(Object.values(outcomesOf(after)))).toEqual(new Set(['published']));
    const order = uploadsAt(world);
    expect(order[0]).toBe('com.studio.base');
    expect(order.indexOf('com.studio.left')).toBeLessThan(order.indexOf('com.studio.top'));
  });

  it('fails a name that the registry refuses and publishes the others, and the name once it may be read', async () => {
    const repository = 'studio/secret';
    const versionOf = (name: string, version: string): TreeFiles =>
      unityPackage(name, version, { folder: `Packages/${name}` });
    world.proxy.clear();
    world.proxy.setFaults(({ path }) =>
      path === '/com.studio.secret' ? { kind: 'status', status: 403 } : undefined,
    );
    const files = { ...versionOf('com.studio.secret', '1.0.0'), ...versionOf('com.studio.open', '1.0.0') };
    const commit = world.push({ files }, repository);
    const { id } = await world.dispatch(commit, { repository });
    const job = await world.finished(id);
    expect(job).toMatchObject({ status: 'partially-failed', attempts: 1 });
    expect(outcomesOf(job)).toEqual({ 'com.studio.secret': 'failed', 'com.studio.open': 'published' });
    expect(packageOf(job, 'com.studio.secret')).toMatchObject({
      reason: 'registry-name-forbidden',
      title: expect.stringContaining('does not let us read com.studio.secret (HTTP 403)'),
    });
    const next = await world.publish({ files: versionOf('com.studio.open', '1.1.0') }, { repository });
    expect(outcomesOf(next)).toEqual({ 'com.studio.secret': 'unchanged', 'com.studio.open': 'published' });
    expect(uploadsAt(world)).toEqual(['com.studio.open', 'com.studio.open']);
    world.proxy.clear();
    await world.dispatch(commit, { repository });
    expect(outcomesOf(await world.finished(id))).toMatchObject({ 'com.studio.secret': 'published' });
  });

  it('announces a version below the latest once, whatever else changes, until its version does', async () => {
    const repository = 'studio/stuck';
    const name = 'com.studio.stuck';
    await releaseVersion(world, name, '2.0.0', { repository });
    expect((await releaseVersion(world, name, '1.0.0', { repository })).status).toBe('failed');
    const push = async (files: TreeFiles) => world.publish({ files }, { repository });
    const code = await push({ [`${folderOf(name)}/Runtime/Example.cs`]: 'class Other {}\n' });
    expect([code.status, outcomesOf(code)]).toEqual(['nothing-to-publish', { [name]: 'unchanged' }]);
    const manifest = JSON.stringify({
      name,
      version: '1.0.0',
      displayName: 'Renamed',
      description: 'Other words',
    });
    const words = await push({ [`${folderOf(name)}/package.json`]: manifest });
    expect(words.status).toBe('nothing-to-publish');
    expect(packageOf(words, name)).toMatchObject({ outcome: 'unchanged', reason: 'version-not-increased' });
    const other = await releaseVersion(world, name, '1.0.1', { repository });
    expect(packageOf(other, name)).toMatchObject({ outcome: 'failed', reason: 'version-not-increased' });
    const told = announcementsOf(world, repository).map(({ status }) => status);
    expect(told).toEqual(['published', 'failed', 'failed']);
    expect((await releaseVersion(world, name, '2.0.1', { repository })).status).toBe('published');
  });

  it('makes a new job of the same dispatch after a failure, and none after a success', async () => {
    const repository = 'studio/refused';
    const name = 'com.studio.refused';
    world.proxy.setFaults(({ method, path }) =>
      method === 'PUT' && path.includes(name)
        ? { kind: 'status', status: 403, body: '{"error":"not you"}' }
        : undefined,
    );
    const commit = world.push({ files: unityPackage(name, '1.0.0') }, repository);
    const first = await world.dispatch(commit, { repository });
    const failed = await world.finished(first.id);
    expect(failed).toMatchObject({ status: 'failed' });
    expect(packageOf(failed, name)).toMatchObject({ outcome: 'failed', reason: 'registry-forbidden' });
    world.proxy.clear();
    const second = await world.dispatch(commit, { repository });
    expect(second).toMatchObject({ id: first.id, duplicate: false });
    expect(second.job).not.toBe(first.job);
    const published = await world.finished(second.id);
    expect(published).toMatchObject({ job: second.job, status: 'published' });
    expect(packageOf(published, name).integrity).toBe(
      (await world.packument(name))?.versions['1.0.0']?.dist.integrity,
    );
    const third = await world.dispatch(commit, { repository });
    expect(third).toMatchObject({ id: first.id, job: second.job, duplicate: true });
    expect((await world.report(first.id)).jobs.map((item) => item.status)).toEqual(['failed', 'published']);
  });
});

describe('a dependency that is not on the registry', () => {
  const core = 'com.studio.needs.core';

  it('is missing although an earlier commit has it: its dependent waits, and is published automatically after the fix', async () => {
    const repository = 'studio/needs';
    const folder = 'Packages/core';
    const { 'Packages/core/Runtime/Example.cs.meta': missing, ...incomplete } = unityPackage(core, '1.0.0', {
      folder,
    });
    const before = await world.publish({ files: incomplete }, { repository });
    expect(outcomesOf(before)).toEqual({ [core]: 'failed' });
    const app = 'com.studio.needs.app';
    const files = unityPackage(app, '1.0.0', { folder: 'Packages/app', dependencies: { [core]: '1.0.0' } });
    const waiting = await world.publish({ files }, { repository });
    expect(waiting.status).toBe('nothing-to-publish');
    expect(packageOf(waiting, app)).toMatchObject({
      outcome: 'held',
      reason: 'dependency-held',
      title: `Held: it needs ${core} 1.0.0, not on the registry yet`,
    });
    expect(await world.packument(app)).toBeUndefined();
    world.proxy.clear();
    await world.publish(
      { files: { 'Packages/core/Runtime/Example.cs.meta': missing ?? '' } },
      { repository },
    );
    expect(listHolds(world, app)).toMatchObject([{ state: 'settled', outcome: 'published' }]);
    expect(uploadsAt(world)).toEqual([core, app]);
  });

  it('comes from another repository later: its dependent is then published automatically, once', async () => {
    const pieces: readonly Piece[] = [
      { slug: 'studio/needed', name: 'com.studio.ext', version: '1.1.0', dependencies: {} },
      {
        slug: 'studio/needs',
        name: 'com.studio.di',
        version: '1.0.2',
        dependencies: { 'com.studio.ext': '1.1.0', 'com.unity.ugui': '1.0.0' },
      },
    ];
    world.proxy.clear();
    const [first, later] = pieces.toReversed();
    if (first === undefined || later === undefined) throw new Error('two pieces');
    const waiting = await send(world, first);
    await world.finished(waiting);
    expect(listHolds(world, first.name)).toMatchObject([{ state: 'waiting' }]);
    await world.finished(await send(world, later));
    const followed = await world.finished(waiting);
    expect(followed).toMatchObject({ status: 'published', packages: [{ name: first.name }] });
    expect(listHolds(world, first.name)).toMatchObject([{ state: 'settled', outcome: 'published' }]);
    expect(uploadsAt(world)).toEqual(['com.studio.ext', 'com.studio.di']);
  });
});

describe('the same name in two folders of a commit', () => {
  it('is published from neither, whichever of them a push changes, until one of them is gone', async () => {
    const repository = 'studio/twins';
    const name = 'com.studio.twin';
    const [one, two] = ['one', 'two'].map((folder) => unityPackage(name, '1.0.0', { folder }));
    const first = await world.publish({ files: one ?? {} }, { repository });
    expect(outcomesOf(first)).toEqual({ [name]: 'published' });
    const bumped = unityPackage(name, '1.1.0', { folder: 'two' });
    const second = await world.publish({ files: { ...two, ...bumped } }, { repository });
    const changed = second.packages.find(({ path }) => path === 'two');
    expect(changed).toMatchObject({
      outcome: 'failed',
      reason: 'duplicate-name',
      title: `${name} is declared more than once in this commit: one, two`,
    });
    expect(second.packages.find(({ path }) => path === 'one')?.outcome).toBe('unchanged');
    const third = await world.publish(
      { files: unityPackage(name, '1.2.0', { folder: 'one' }) },
      { repository, package_path: 'one' },
    );
    expect(third.packages).toMatchObject([{ path: 'one', outcome: 'failed', reason: 'duplicate-name' }]);
    expect(Object.keys((await world.packument(name))?.versions ?? {})).toEqual(['1.0.0']);
    const fourth = await world.publish({ remove: Object.keys(one ?? {}) }, { repository });
    expect(fourth.packages).toMatchObject([{ path: 'two', outcome: 'published', version: '1.1.0' }]);
  });
});

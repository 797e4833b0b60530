import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { type JobShown, World } from '../../sandbox/world.ts';
import { folderOf, releaseVersion, tagsOf, versionsOf } from './releasing.ts';
import { packageOf } from './report-reading.ts';

let world: World;

beforeAll(async () => {
  world = await World.start({
    repositories: [{ slug: 'studio/lines', settings: { branches: ['release/*'] } }],
  });
});

afterAll(async () => world.stop());

const pack = (name: string, version: string): TreeFiles =>
  unityPackage(name, version, { folder: folderOf(name) });

describe('a version on the default branch', () => {
  it('is refused when it is lower than the published one', async () => {
    const name = 'com.studio.lower';
    await releaseVersion(world, name, '2.0.0');
    const job = await releaseVersion(world, name, '1.9.9');
    expect(job.status).toBe('failed');
    expect(packageOf(job, name)).toMatchObject({
      outcome: 'failed',
      reason: 'version-not-increased',
      title: '1.9.9 is not higher than 2.0.0, which is already on the registry',
      remedy: expect.stringContaining('Bump `version` above 2.0.0'),
      integrity: null,
    });
    expect(await versionsOf(world, name)).toEqual(['2.0.0']);
    expect(await tagsOf(world, name)).toEqual({ latest: '2.0.0' });
  });

  it('is refused when it would be a backport', async () => {
    const name = 'com.studio.backdefault';
    await releaseVersion(world, name, '1.0.0');
    await releaseVersion(world, name, '2.0.0');
    const job = await releaseVersion(world, name, '1.0.1');
    expect(packageOf(job, name)).toMatchObject({ outcome: 'failed', reason: 'version-not-increased' });
    expect(await versionsOf(world, name)).toEqual(['1.0.0', '2.0.0']);
    expect(await tagsOf(world, name)).toEqual({ latest: '2.0.0' });
  });

  it('gets its own tag as a prerelease after a stable, and latest stays', async () => {
    const name = 'com.studio.preview';
    await releaseVersion(world, name, '1.0.0');
    const job = await releaseVersion(world, name, '1.1.0-beta.1');
    expect(packageOf(job, name)).toMatchObject({
      outcome: 'published',
      distTag: 'beta',
      previousVersion: '1.0.0',
    });
    expect(await tagsOf(world, name)).toEqual({ latest: '1.0.0', beta: '1.1.0-beta.1' });
    await releaseVersion(world, name, '1.1.0');
    expect(await tagsOf(world, name)).toEqual({ latest: '1.1.0', beta: '1.1.0-beta.1' });
  });

  it('is refused as a prerelease below the stable one', async () => {
    const name = 'com.studio.late';
    await releaseVersion(world, name, '2.0.0');
    const job = await releaseVersion(world, name, '2.0.0-rc.1');
    expect(packageOf(job, name)).toMatchObject({ outcome: 'failed', reason: 'version-not-increased' });
    expect(await tagsOf(world, name)).toEqual({ latest: '2.0.0' });
  });

  it('does not let a tag in the manifest choose its dist-tag', async () => {
    const name = 'com.studio.owntag';
    const manifest = { tag: 'stolen', publishConfig: { tag: 'stolen-too' } };
    const files = unityPackage(name, '1.0.0', { folder: folderOf(name), manifest });
    expect(packageOf(await world.publish({ files }), name).distTag).toBe('latest');
    expect(await tagsOf(world, name)).toEqual({ latest: '1.0.0' });
  });
});

describe('one commit with many versions', () => {
  const invalid = [
    ['v1.2.3', 'v', 'write it without the “v”', '1.2.3'],
    ['1.2', 'short', 'it has 2 numbers, and a version has three', '1.2.0'],
    [' 1.2.3', 'space', 'it has spaces around it', '1.2.3'],
    ['1.2.3\n', 'newline', 'it has spaces around it', '1.2.3'],
    ['1.2.3+build.5', 'build', 'build metadata', '1.2.3'],
    ['2025.01.16', 'zero', '“01” has a leading zero', '2025.1.16'],
    ['1.2.3beta', 'hyphen', 'a hyphen is missing before “beta”', '1.2.3-beta'],
    ['9007199254740991.0.0', 'huge', 'would block every later version', 'such as 1.4.0'],
    ['1.0.0-preview.01', 'prerelease', '“01” has a leading zero', '1.0.0-preview.1'],
    ['latest', 'tag', 'it needs three numbers', 'such as 1.4.0'],
  ] as const;
  const tagged = [
    ['1.0.0-latest.1', 'next'],
    ['1.0.0-5', 'next'],
    ['1.0.0-x', 'next'],
    ['1.0.0-RC.1', 'rc'],
  ] as const;
  const invalidName = (word: string): string => `com.studio.invalid.${word}`;
  const taggedName = (version: string): string =>
    `com.studio.tagged.p${version.replaceAll(/\W/g, '').toLowerCase()}`;
  let job: JobShown;

  beforeAll(async () => {
    const stable = tagged.map(([version]) => pack(taggedName(version), '0.9.0'));
    await world.publish({ files: Object.assign({}, ...stable) as TreeFiles });
    const wrong = invalid.map(([version, word]) => pack(invalidName(word), version));
    const before = tagged.map(([version]) => pack(taggedName(version), version));
    job = await world.publish({ files: Object.assign({}, ...wrong, ...before) as TreeFiles });
  });

  it.each(invalid)('refuses %j and says why, and what to write', async (_version, word, problem, instead) => {
    const name = invalidName(word);
    const item = packageOf(job, name);
    expect(item).toMatchObject({ outcome: 'failed', reason: 'version-invalid', integrity: null });
    expect(item.title).toContain(problem);
    expect(item.remedy).toContain(`${instead}`);
    expect(await world.packument(name)).toBeUndefined();
  });

  it.each(tagged)('tags %s as %s, and not latest once there is a stable', async (version, tag) => {
    const name = taggedName(version);
    expect(packageOf(job, name)).toMatchObject({ outcome: 'published', distTag: tag });
    expect(await tagsOf(world, name)).toEqual({ latest: '0.9.0', [tag]: version });
  });
});

describe('a maintenance branch', () => {
  const repository = 'studio/lines';

  it('publishes a backport of its line under release-<major>.<minor>, and latest stays', async () => {
    const name = 'com.studio.lines';
    const files = unityPackage(name, '1.0.0', { folder: folderOf(name) });
    const parent = world.push({ files }, repository);
    await world.finished((await world.dispatch(parent, { repository })).id);
    await releaseVersion(world, name, '2.0.0', { repository });
    const job = await releaseVersion(world, name, '1.0.1', { repository, branch: 'release/1.0', parent });
    expect(packageOf(job, name)).toMatchObject({
      outcome: 'published',
      distTag: 'release-1.0',
      previousVersion: '1.0.0',
    });
    expect(await tagsOf(world, name)).toEqual({ latest: '2.0.0', 'release-1.0': '1.0.1' });
    const lower = await releaseVersion(world, name, '1.0.0-rc.1', { repository, branch: 'release/1.0' });
    expect(packageOf(lower, name)).toMatchObject({ outcome: 'failed', reason: 'version-not-increased' });
    expect(await versionsOf(world, name)).toEqual(['1.0.0', '2.0.0', '1.0.1']);
  });

  it('does not open a line below latest that never had a stable version', async () => {
    const name = 'com.studio.newline';
    await releaseVersion(world, name, '2.0.0', { repository });
    const job = await releaseVersion(world, name, '1.5.0', { repository, branch: 'release/1.5' });
    expect(packageOf(job, name)).toMatchObject({ outcome: 'failed', reason: 'version-not-increased' });
    expect(await tagsOf(world, name)).toEqual({ latest: '2.0.0' });
  });

  it('of a repository that registered none is refused, whatever the payload calls it', async () => {
    const commit = world.push({
      branch: 'release/9.9',
      files: unityPackage('com.studio.elsewhere', '9.9.0', { folder: 'Packages/elsewhere' }),
    });
    const { id } = await world.dispatch(commit, { branch: 'main' });
    const job = await world.finished(id);
    expect(job).toMatchObject({ status: 'failed', packages: [] });
    expect(job.failure).toMatchObject({
      reason: 'commit-not-on-branch',
      title: `Commit ${commit.slice(0, 7)} is not on a branch that publishes (main)`,
      remedy: expect.stringContaining('Merge it'),
    });
    expect(await world.packument('com.studio.elsewhere')).toBeUndefined();
  });
});

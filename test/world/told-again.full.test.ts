import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { announcementsOf } from './event-order.ts';
import { outcomesOf, packageOf } from './report-reading.ts';

const slugs = ['studio/findings', 'studio/broken', 'studio/named', 'studio/chain', 'studio/asked'];
let world: World;

beforeAll(async () => {
  world = await World.start({ repositories: slugs.map((slug) => ({ slug })) });
});

afterAll(async () => world.stop());

const folder = 'Packages/core';
const meta = `${folder}/Runtime/Example.cs.meta`;
const core = (name: string): TreeFiles => {
  const { [meta]: _missing, ...files } = unityPackage(name, '1.0.0', { folder });
  return files;
};
const toldOf = (repository: string) => announcementsOf(world, repository).map(({ status }) => status);

describe('a failure that comes again', () => {
  it('with the same findings is announced once, and again when they are others', async () => {
    const repository = 'studio/findings';
    const name = 'com.studio.findings';
    const push = async (files: TreeFiles) => world.publish({ files }, { repository });
    expect((await push(core(name))).status).toBe('failed');
    const same = await push({ [`${folder}/Runtime/Example.cs`]: 'class Other {}\n' });
    expect(packageOf(same, name)).toMatchObject({ outcome: 'unchanged', reason: 'preflight-rejected' });
    expect(same.status).toBe('nothing-to-publish');
    const more = await push({ [`${folder}/Runtime/Second.cs`]: 'class Second {}\n' });
    expect(packageOf(more, name)).toMatchObject({ outcome: 'failed', reason: 'preflight-rejected' });
    expect(toldOf(repository)).toEqual(['failed', 'failed']);
  });

  it('of a manifest that cannot be parsed is announced again only when the manifest changes', async () => {
    const repository = 'studio/broken';
    const push = async (files: TreeFiles) => world.publish({ files }, { repository });
    const broken = {
      ...core('com.studio.broken'),
      [`${folder}/package.json`]: '{"name": "com.studio.broken",',
    };
    expect((await push(broken)).status).toBe('failed');
    const code = await push({ [`${folder}/Runtime/Example.cs`]: 'class Other {}\n' });
    expect(outcomesOf(code)).toEqual({ [folder]: 'unchanged' });
    expect(toldOf(repository)).toEqual(['failed']);
    const mended = await push(unityPackage('com.studio.broken', '1.0.0', { folder }));
    expect(mended.status).toBe('published');
  });

  it('of a package that each dispatch names is announced once', async () => {
    const repository = 'studio/named';
    const name = 'com.studio.named';
    const named = { repository, package_path: folder };
    expect((await world.publish({ files: core(name) }, named)).status).toBe('failed');
    const again = await world.publish({ files: { 'Notes.md': 'more' } }, named);
    expect(packageOf(again, name)).toMatchObject({ outcome: 'unchanged', reason: 'preflight-rejected' });
    expect(toldOf(repository)).toEqual(['failed']);
  });

  it('holds its dependents as before, and fixing it publishes them all', async () => {
    const repository = 'studio/chain';
    const [name, app] = ['com.studio.chain', 'com.studio.app'];
    const dependent = unityPackage(app, '1.0.0', {
      folder: 'Packages/app',
      dependencies: { [name]: '1.0.0' },
    });
    const before = await world.publish({ files: { ...core(name), ...dependent } }, { repository });
    expect(outcomesOf(before)).toEqual({ [name]: 'failed', [app]: 'held' });
    const other = { [`${folder}/Runtime/Example.cs`]: 'class Other {}\n' };
    const same = await world.publish({ files: other }, { repository });
    expect(outcomesOf(same)).toEqual({ [name]: 'unchanged', [app]: 'held' });
    expect(toldOf(repository)).toEqual(['failed']);
    const whole = unityPackage(name, '1.0.0', { folder });
    const after = await world.publish({ files: { [meta]: whole[meta] ?? '' } }, { repository });
    expect(outcomesOf(after)).toEqual({ [name]: 'published', [app]: 'published' });
  });

  it('is a failure again when the same commit is dispatched again', async () => {
    const repository = 'studio/asked';
    const commit = world.push({ files: core('com.studio.asked') }, repository);
    for (let round = 0; round < 2; round++) {
      const { id } = await world.dispatch(commit, { repository });
      expect((await world.finished(id)).status).toBe('failed');
    }
    expect(toldOf(repository)).toEqual(['failed', 'failed']);
  });
});

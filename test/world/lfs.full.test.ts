import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pointerTo } from '../../sandbox/lfs-store.ts';
import { meta, noise, type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { folderOf } from './releasing.ts';
import { packageOf } from './report-reading.ts';
import { contentsOf } from './tarballs.ts';

const path = 'Runtime/Model.fbx';
let world: World;
/** A server to which a repository tries to redirect our credentials. */
let elsewhere: Server;
const visitors: string[] = [];

beforeAll(async () => {
  elsewhere = createServer((request, response) => {
    visitors.push(`${request.url} ${request.headers.authorization}`);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  world = await World.start({ env: { PACKAGE_SIZE_MAX_MB: '1' } });
});

afterAll(async () => {
  elsewhere.close();
  await world.stop();
});

function withModel(name: string, pointer: string, files: TreeFiles = {}): TreeFiles {
  return unityPackage(name, '1.0.0', {
    folder: folderOf(name),
    files: { [path]: pointer, [`${path}.meta`]: meta(name), ...files },
  });
}

describe('a package with a Git LFS pointer', () => {
  it('is published with the content, which the report names', async () => {
    const name = 'com.studio.lfs.good';
    const model = noise(name, 200_000);
    const job = await world.publish({ files: withModel(name, world.host.lfs.put(model)) });
    const item = packageOf(job, name);
    expect(item).toMatchObject({ outcome: 'published', additions: expect.arrayContaining([path]) });
    expect(item.findings).toContainEqual(
      expect.objectContaining({
        rule: 'lfs.pointer',
        severity: 'info',
        message: `${path} is the content of its Git LFS pointer, 200000 bytes`,
      }),
    );
    expect((await contentsOf(world, name)).get(path)).toEqual(model);
  });

  it('has only objects fetched that ship', async () => {
    const name = 'com.studio.lfs.ignored';
    const source = { 'Art~/Source.psd': pointerTo(Buffer.from('nowhere')), '.npmignore': 'Art~/\n' };
    const files = unityPackage(name, '1.0.0', { folder: folderOf(name), files: source });
    const batches = world.host.lfs.batches().length;
    expect(packageOf(await world.publish({ files }), name).outcome).toBe('published');
    expect(world.host.lfs.batches()).toHaveLength(batches);
  });

  it('is stopped when the git host does not have the content', async () => {
    const name = 'com.studio.lfs.missing';
    const job = await world.publish({ files: withModel(name, pointerTo(Buffer.from('never pushed'))) });
    expect(packageOf(job, name)).toMatchObject({
      outcome: 'failed',
      reason: 'lfs-object-missing',
      title: `${path} is a Git LFS pointer without its contents (the git host does not have it)`,
    });
    expect(await world.packument(name)).toBeUndefined();
  });

  it('is stopped when the fetched bytes do not match the pointer', async () => {
    const name = 'com.studio.lfs.forged';
    const model = noise(name, 1_000);
    const pointer = world.host.lfs.put(model);
    world.host.lfs.setFault(model, { kind: 'bytes', content: noise('another', 1_000) });
    const job = await world.publish({ files: withModel(name, pointer) });
    expect(packageOf(job, name)).toMatchObject({ outcome: 'failed', reason: 'lfs-object-missing' });
    expect(packageOf(job, name).title).toContain('what came is not what its pointer says');
    expect(await world.packument(name)).toBeUndefined();
  });

  it('is stopped before anything is fetched when the content is over the limit', async () => {
    const name = 'com.studio.lfs.large';
    const downloads = world.host.lfs.downloads().length;
    const job = await world.publish({ files: withModel(name, pointerTo(noise(name, 2_000_000))) });
    expect(packageOf(job, name)).toMatchObject({ outcome: 'failed', reason: 'tarball-too-large' });
    expect(world.host.lfs.downloads()).toHaveLength(downloads);
  });

  it('sends nothing to the address in a committed .lfsconfig', async () => {
    const name = 'com.studio.lfs.config';
    const { port } = elsewhere.address() as AddressInfo;
    const config = `[lfs]\n\turl = http://127.0.0.1:${port}/steal\n[http]\n\textraheader = X-Steal: 1\n`;
    const files = {
      ...withModel(name, world.host.lfs.put(noise(name, 500)), { '.lfsconfig': config }),
      '.lfsconfig': config,
    };
    const job = await world.publish({ files });
    expect(packageOf(job, name).outcome).toBe('published');
    expect(visitors).toEqual([]);
    const shown = JSON.stringify(world.host.lfs.downloads());
    expect(shown).not.toContain(world.gitToken);
    expect(shown).not.toContain(Buffer.from(`x-access-token:${world.gitToken}`).toString('base64'));
  });

  it('waits while the storage is down, and is published when it is back', async () => {
    const name = 'com.studio.lfs.later';
    const pointer = world.host.lfs.put(noise(name, 500));
    world.host.lfs.setStatus(503);
    const { id } = await world.dispatch(world.push({ files: withModel(name, pointer) }));
    await world.process.waitFor((line) => line['kind'] === 'parked' && line['neighbour'] === 'git-host');
    expect((await world.report(id)).jobs).toMatchObject([{ status: 'queued', waitingFor: 'git-host' }]);
    world.host.lfs.setStatus(undefined);
    expect(packageOf(await world.finished(id), name).outcome).toBe('published');
  });
});

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DialectRegistry, dialects, startDialect } from '../../sandbox/registry-dialects.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { folderOf } from './releasing.ts';
import { packageOf } from './report-reading.ts';

let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterAll(async () => world.stop());

/** Makes the process go on at a registry that speaks like this. */
async function speakLike(name: keyof typeof dialects): Promise<DialectRegistry> {
  const double = await startDialect(dialects[name], world.registry.url, world.registry.token);
  world.process.kill('SIGTERM');
  await world.process.exited;
  world.process = await world.startProcess({ UPM_REGISTRY: double.url });
  return double;
}

describe.each([
  ['no integrity, only a shasum', 'shasum'],
  ['no hash at all', 'bare'],
  ['tarballs at another origin', 'cdn'],
  ['tarballs redirected to signed storage', 'signed'],
  ['a tarball that is delayed', 'delayed'],
] as const)('at a registry with %s', (dialect, word) => {
  it('a version is published, and known as ours afterwards', async () => {
    const double = await speakLike(dialect);
    const name = `com.studio.${word}`;
    const commit = world.push({ files: unityPackage(name, '1.0.0', { folder: folderOf(name) }) });
    const first = packageOf(await world.finished((await world.dispatch(commit)).id), name);
    expect(first).toMatchObject({ outcome: 'published', reason: null });
    const again = async () => {
      const { id } = await world.dispatch(commit, { package_path: folderOf(name) });
      return packageOf(await world.finished(id), name);
    };
    expect(await again()).toMatchObject({ outcome: 'skipped' });
    expect(double.leaked).toEqual([]);
    await double.stop();
  }, 120_000);
});

it('a replaced version without a hash is reported, by the bytes that are served', async () => {
  const double = await speakLike('no hash at all');
  const name = 'com.studio.replaced';
  const commit = world.push({ files: unityPackage(name, '1.0.0', { folder: folderOf(name) }) });
  await world.finished((await world.dispatch(commit)).id);
  double.serveInstead(randomBytes(1_000));
  const { id } = await world.dispatch(commit, { package_path: folderOf(name) });
  const replaced = packageOf(await world.finished(id), name);
  expect(replaced).toMatchObject({ outcome: 'failed', reason: 'published-copy-differs' });
  await double.stop();
}, 120_000);

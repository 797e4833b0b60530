import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import { type GitHost, startGitHost } from '../../sandbox/git-host.ts';
import { oidOf } from '../../sandbox/lfs-store.ts';
import { buildLfsObjects } from '../../src/adapters/lfs/lfs-objects.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import type { Slug } from '../../src/domain/repository/repository.ts';
import { type Canary, startCanary } from '../faults/canary.ts';

const never = new AbortController().signal;
const slug = 'studio/art' as Slug;
const token = 'read-token-of-one-repository';
const content = Buffer.from('a model of a door');
let home: string;
let host: GitHost;
let batch: FaultProxy;
let storage: FaultProxy;
let elsewhere: Canary;
let count = 0;

const addressOf = ({ url }: FaultProxy): string => url.replace(/\/$/, '');

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'lfs-faults-'));
  host = await startGitHost({ folder: join(home, 'git'), token });
  await host.createRepository(slug);
  host.lfs.put(content);
  batch = await startFaultProxy({ target: host.url });
  storage = await startFaultProxy({ target: host.lfs.storageUrl });
  host.lfs.setStorage(addressOf(storage));
  elsewhere = await startCanary();
});
afterAll(async () => {
  await Promise.all([batch.stop(), storage.stop(), elsewhere.stop(), host.stop()]);
  await rm(home, { recursive: true, force: true });
});
beforeEach(() => {
  batch.clear();
  storage.clear();
});

/** Fetches one object; returns what is still missing, and what is in the place of the pointer. */
async function fetchOne(timeoutMs = longMs, silenceMs = longMs) {
  count += 1;
  const folder = join(home, `staged-${count}`);
  await mkdir(folder);
  await writeFile(join(folder, 'a.fbx'), 'the pointer');
  const lfs = buildLfsObjects({
    serverUrl: addressOf(batch),
    token: () => token,
    clock: systemClock,
    timeoutMs,
    silenceMs,
  });
  const pointer = { path: 'a.fbx', oid: oidOf(content), bytes: content.length };
  const missing = await lfs.fetch(slug, [pointer], folder, 1e6, never);
  return { missing, found: await readFile(join(folder, 'a.fbx'), 'utf8') };
}

const json = (body: string): Fault => ({
  kind: 'status',
  status: 200,
  headers: { 'content-type': 'application/vnd.git-lfs+json' },
  body,
});
const shortMs = 400;
const longMs = 20_000;

describe('a Git LFS batch API that answers', () => {
  const outages: readonly (readonly [string, Fault, string, number])[] = [
    ['a page', { kind: 'html-200' }, 'Git LFS: its answer cannot be read', longMs],
    ['other JSON', json('{"message":"Welcome"}'), 'Git LFS: its answer cannot be read', longMs],
    ['no object at all', json('null'), 'Git LFS: its answer cannot be read', longMs],
    ['half of it', { kind: 'half-answer' }, 'Git LFS: connection lost', longMs],
    ['nothing, and hangs up', { kind: 'store-then-drop' }, 'Git LFS: connection lost', longMs],
    ['without an end', { kind: 'endless' }, 'Git LFS: its answer is too large', longMs],
    ['nothing', { kind: 'hang' }, 'Git LFS: no answer in time', shortMs],
    ['bit by bit', { kind: 'dribble', chunkBytes: 1, everyMs: 50 }, 'Git LFS: no answer in time', shortMs],
  ];

  it.each(outages)(
    '%s counts as an outage and says nothing about its objects',
    async (_how, fault, detail, within) => {
      batch.setFaults(() => fault);
      await expect(fetchOne(within)).rejects.toMatchObject({ name: 'Outage', neighbour: 'git-host', detail });
      expect(storage.requests()).toEqual([]);
    },
  );

  it('with a redirect is not followed there, because our token would go along', async () => {
    batch.setFaults(() => ({ kind: 'redirect', status: 307, to: elsewhere.url }));
    expect((await fetchOne()).missing).toEqual([
      { path: 'a.fbx', why: 'the git host redirects; the repository may have been renamed' },
    ]);
    expect(elsewhere.heard()).toEqual([]);
  });

  it('late, but in time, is used', async () => {
    batch.setFaults(() => ({ kind: 'delay', ms: 200 }));
    expect(await fetchOne()).toEqual({ missing: [], found: String(content) });
  });
});

describe('a Git LFS storage that answers', () => {
  const outages: readonly (readonly [string, Fault, string, number])[] = [
    ['half an object', { kind: 'half-answer' }, 'connection lost', longMs],
    ['nothing, and hangs up', { kind: 'store-then-drop' }, 'connection lost', longMs],
    ['nothing', { kind: 'hang' }, 'no answer in time', shortMs],
    ['bit by bit', { kind: 'dribble', chunkBytes: 1, everyMs: 50 }, 'no answer in time', shortMs],
    ['500', { kind: 'status', status: 500 }, 'HTTP 500', longMs],
    ['429', { kind: 'status', status: 429, headers: { 'retry-after': '7' } }, 'HTTP 429', longMs],
  ];

  it.each(outages)('%s is down', async (_how, fault, detail, within) => {
    storage.setFaults(() => fault);
    await expect(fetchOne(within)).rejects.toMatchObject({
      name: 'Outage',
      detail: `Git LFS storage: ${detail}`,
    });
  });

  it('slowly is waited for while bytes keep coming, and no longer', async () => {
    const silenceMs = 1_000;
    storage.setFaults(() => ({ kind: 'dribble', chunkBytes: 4, everyMs: 300 }));
    expect(await fetchOne(longMs, silenceMs)).toEqual({ missing: [], found: String(content) });
    storage.setFaults(() => ({ kind: 'dribble', chunkBytes: 4, everyMs: longMs }));
    await expect(fetchOne(longMs, silenceMs)).rejects.toMatchObject({
      name: 'Outage',
      detail: 'Git LFS storage: no answer in time',
    });
  });

  it.each<[string, Fault, string]>([
    ['a page', { kind: 'html-200' }, 'what came is larger than its pointer says'],
    ['without an end', { kind: 'endless' }, 'what came is larger than its pointer says'],
    ['other bytes', json('{"message":"Hi"}'), 'what came is not what its pointer says (SHA-256)'],
    ['403', { kind: 'status', status: 403 }, 'the git host does not let us have it (403)'],
  ])('%s leaves the pointer in place', async (_how, fault, why) => {
    storage.setFaults(() => fault);
    expect(await fetchOne()).toEqual({ missing: [{ path: 'a.fbx', why }], found: 'the pointer' });
  });

  it('with a redirect is followed there without the key of the object', async () => {
    storage.setFaults(() => ({ kind: 'redirect', status: 302, to: elsewhere.url }));
    await fetchOne();
    expect(elsewhere.heard()).toHaveLength(1);
    expect(JSON.stringify(elsewhere.heard())).not.toContain('storage-key-of-one-object');
  });
});

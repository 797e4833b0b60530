import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GitHost, startGitHost } from '../../sandbox/git-host.ts';
import { oidOf } from '../../sandbox/lfs-store.ts';
import { buildLfsObjects } from '../../src/adapters/lfs/lfs-objects.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import type { Slug } from '../../src/domain/repository/repository.ts';
import type { LfsObjects, MissingObject } from '../../src/ports/git.ts';

const never = new AbortController().signal;
const slug = 'studio/art' as Slug;
const token = 'read-token-of-one-repository';
let home: string;
let host: GitHost;
let lfs: LfsObjects;
let folder: string;
let count = 0;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'lfs-test-'));
  host = await startGitHost({ folder: join(home, 'git'), token });
  await host.createRepository(slug);
  lfs = open();
});
afterAll(async () => {
  await host.stop();
  await rm(home, { recursive: true, force: true });
});
beforeEach(async () => {
  count += 1;
  folder = join(home, `staged-${count}`);
  await mkdir(folder);
});

function open(options: { readonly serverUrl?: string; readonly tokens?: string[] } = {}): LfsObjects {
  const { serverUrl = host.url, tokens = [token] } = options;
  return buildLfsObjects({
    serverUrl,
    token: () => tokens[0],
    renewToken: () => tokens.shift() !== undefined && tokens.length > 0,
    clock: systemClock,
    timeoutMs: 20_000,
    silenceMs: 20_000,
  });
}

async function fetchAll(
  contents: Readonly<Record<string, Buffer>>,
  by: LfsObjects = lfs,
  maxBytes = 1e6,
): Promise<readonly MissingObject[]> {
  const files = Object.entries(contents).map(([path, content]) => ({
    path,
    oid: oidOf(content),
    bytes: content.length,
  }));
  for (const { path } of files) await writeFile(join(folder, path), `pointer of ${path}`);
  return by.fetch(slug, files, folder, maxBytes, never);
}

const read = async (path: string): Promise<string> => readFile(join(folder, path), 'utf8');

function keep(text: string): Buffer {
  const content = Buffer.from(`${text} ${count}`);
  host.lfs.put(content);
  return content;
}

describe('objects of Git LFS', () => {
  it('replace their pointers, with one download for equal objects and one batch request', async () => {
    const [model, sound] = [keep('model'), keep('sound')];
    const [batches, downloads] = [host.lfs.batches().length, host.lfs.downloads().length];
    expect(await fetchAll({ 'a.fbx': model, 'b.wav': sound, 'twin.fbx': model })).toEqual([]);
    expect([await read('a.fbx'), await read('b.wav'), await read('twin.fbx')]).toEqual(
      [model, sound, model].map(String),
    );
    expect(host.lfs.batches().length - batches).toBe(1);
    expect(host.lfs.batches().at(-1)).toMatchObject({ operation: 'download', transfers: ['basic'] });
    expect(host.lfs.downloads().length - downloads).toBe(2);
    expect(await readdir(home)).not.toContain(`staged-${count}.lfs`);
  });

  it('are fetched with the headers of their address only: our token stays with the git host', async () => {
    expect(await fetchAll({ 'a.fbx': keep('model') })).toEqual([]);
    const { authorization } = host.lfs.downloads().at(-1) ?? {};
    expect(authorization).toBe('Bearer storage-key-of-one-object');
    expect(JSON.stringify(host.lfs.downloads())).not.toContain(
      Buffer.from(`x-access-token:${token}`).toString('base64'),
    );
  });

  it('are fetched without these headers when the storage redirects to another origin', async () => {
    const elsewhere = await startGitHost({ folder: join(home, `other-${count}`) });
    const content = keep('model');
    elsewhere.lfs.put(content);
    const to = `${elsewhere.lfs.storageUrl}/moved/${oidOf(content)}`;
    host.lfs.setFault(content, { kind: 'redirect', to });
    expect(await fetchAll({ 'a.fbx': content })).toEqual([]);
    expect(await read('a.fbx')).toBe(String(content));
    expect(elsewhere.lfs.downloads()).toEqual([
      { path: `/moved/${oidOf(content)}`, authorization: undefined, cookie: undefined },
    ]);
    await elsewhere.stop();
  });

  it('are asked for again with a new token when the first was refused', async () => {
    const by = open({ tokens: ['expired', token] });
    expect(await fetchAll({ 'a.fbx': keep('model') }, by)).toEqual([]);
  });
});

describe('an object that cannot be fetched leaves its pointer, with a reason', () => {
  const cases: readonly (readonly [string, string, (content: Buffer) => void])[] = [
    ['was never pushed', 'the git host does not have it', () => undefined],
    [
      'is gone from the storage',
      'it was removed from the git host',
      (content) => fault(content, { kind: 'status', status: 410 }),
    ],
    [
      'may not be read',
      'the git host does not let us have it (403)',
      (content) => fault(content, { kind: 'status', status: 403 }),
    ],
    [
      'is another one',
      'what came is not what its pointer says (SHA-256)',
      (content) => fault(content, { kind: 'bytes', content: Buffer.from(String(content).toUpperCase()) }),
    ],
    [
      'is shorter',
      'what came is not what its pointer says (SHA-256)',
      (content) => fault(content, { kind: 'bytes', content: content.subarray(1) }),
    ],
    [
      'is longer',
      'what came is larger than its pointer says',
      (content) => fault(content, { kind: 'bytes', content: Buffer.concat([content, content]) }),
    ],
    [
      'lies behind plain http somewhere else',
      'its address is not one that we may fetch from',
      (content) => fault(content, { kind: 'redirect', to: 'http://storage.test/object' }),
    ],
    [
      'lies behind a password',
      'its address is not one that we may fetch from',
      (content) => fault(content, { kind: 'redirect', to: 'https://user:word@storage.test/object' }),
    ],
    [
      'lies behind an endless redirect',
      'its storage redirects without end',
      (content) =>
        fault(content, { kind: 'redirect', to: `${host.lfs.storageUrl}/objects/${oidOf(content)}` }),
    ],
  ];

  function fault(content: Buffer, what: Parameters<GitHost['lfs']['setFault']>[1]): void {
    host.lfs.put(content);
    host.lfs.setFault(content, what);
  }

  it.each(cases)('when it %s: %s', async (_what, why, prepare) => {
    const content = Buffer.from(`missing ${count}`);
    prepare(content);
    const good = keep('good');
    expect(await fetchAll({ 'bad.fbx': content, 'good.fbx': good })).toEqual([{ path: 'bad.fbx', why }]);
    expect(await read('bad.fbx')).toBe('pointer of bad.fbx');
    expect(await read('good.fbx')).toBe(String(good));
  });

  it('for every object of a git host without Git LFS', async () => {
    host.lfs.setStatus(404);
    expect(await fetchAll({ 'a.fbx': keep('a'), 'b.fbx': keep('b') })).toEqual(
      ['a.fbx', 'b.fbx'].map((path) => ({
        path,
        why: 'the git host has no Git LFS for this repository (404)',
      })),
    );
    host.lfs.setStatus(undefined);
  });
});

describe('a Git LFS problem that is not the object’s fault', () => {
  it.each([429, 500, 503])('parks the job when the git host answers %d', async (status) => {
    host.lfs.setStatus(status);
    await expect(fetchAll({ 'a.fbx': keep('a') })).rejects.toMatchObject({
      neighbour: 'git-host',
      kind: 'down',
      detail: `Git LFS: HTTP ${status}`,
    });
    host.lfs.setStatus(undefined);
  });

  it('parks the job when the storage is down or nobody answers', async () => {
    const content = keep('a');
    host.lfs.setFault(content, { kind: 'status', status: 502 });
    const outage = { name: 'Outage', neighbour: 'git-host', kind: 'down' };
    await expect(fetchAll({ 'a.fbx': content })).rejects.toMatchObject(outage);
    await expect(
      fetchAll({ 'a.fbx': content }, open({ serverUrl: 'http://127.0.0.1:1' })),
    ).rejects.toMatchObject({ ...outage, detail: expect.stringMatching(/^Git LFS: /) });
    expect(await read('a.fbx')).toBe('pointer of a.fbx');
  });

  it('parks the job when our token is refused', async () => {
    await expect(fetchAll({ 'a.fbx': keep('a') }, open({ tokens: ['old', 'older'] }))).rejects.toMatchObject({
      neighbour: 'git-host',
      kind: 'credentials',
    });
  });

  it('fails before anything is fetched when the objects together are too large', async () => {
    const batches = host.lfs.batches().length;
    const contents = { 'a.bin': Buffer.alloc(700_000), 'b.bin': Buffer.alloc(600_000, 1) };
    await expect(fetchAll(contents, lfs, 1024 * 1024)).rejects.toMatchObject({
      failure: { reason: 'tarball-too-large', facts: { sizeMb: 2, limitMb: 1 } },
    });
    expect(host.lfs.batches()).toHaveLength(batches);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fault, type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import { type SandboxRegistry, startRegistry } from '../../sandbox/registry.ts';
import type { Outage } from '../../src/domain/failure.ts';
import type { Registry } from '../../src/ports/registry.ts';
import {
  makeTarball,
  memoryCache,
  newName,
  openRegistry,
  silent,
  startScripted,
  uploadOf,
} from './registry-fixtures.ts';

let folder: string;
let verdaccio: SandboxRegistry;
let proxy: FaultProxy;
let registry: Registry & { stop(): Promise<void> };
const cache = memoryCache();
const never = new AbortController().signal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-read-test-'));
  verdaccio = await startRegistry({ folder: join(folder, 'verdaccio') });
  proxy = await startFaultProxy({ target: verdaccio.url });
  registry = openRegistry({
    url: proxy.url,
    token: () => verdaccio.token,
    requestTimeoutMs: 500,
    packuments: cache,
  });
});

afterEach(() => proxy.clear());

afterAll(async () => {
  await registry.stop();
  await proxy.stop();
  await verdaccio.stop();
  await rm(folder, { recursive: true, force: true });
});

async function publish(name: string, version: string, distTag = 'latest'): Promise<string> {
  const tarball = await makeTarball(folder, 64);
  await registry.put(uploadOf(tarball, { name, version, distTag }), never);
  return tarball.integrity;
}

const down = { name: 'Outage', neighbour: 'registry', kind: 'down' };
const json = { 'content-type': 'application/json' };

/** Reads `com.studio.x` from a server that gives this document. */
async function readDocument(document: string, headers: Record<string, string> = json) {
  const server = await startScripted((_request, response) => response.writeHead(200, headers).end(document));
  const scripted = openRegistry({ url: server.url });
  try {
    return await scripted.findPackument('com.studio.x', never);
  } finally {
    await scripted.stop();
    await server.stop();
  }
}

describe('reading a packument', () => {
  it('gives versions, integrity and dist-tags; undefined for a name nobody published', async () => {
    const name = newName();
    expect(await registry.findPackument(name, never)).toBeUndefined();
    const first = await publish(name, '1.0.0');
    const second = await publish(name, '1.1.0-beta.1', 'beta');
    const packument = await registry.findPackument(name, never);
    expect(packument?.versions.get('1.0.0')).toEqual({ version: '1.0.0', integrity: first });
    expect(packument?.versions.get('1.1.0-beta.1')?.integrity).toBe(second);
    expect({ ...packument?.distTags }).toEqual({ latest: '1.0.0', beta: '1.1.0-beta.1' });
  });

  it('takes from the cache what the registry says has not changed, also after a restart', async () => {
    const name = newName();
    await publish(name, '1.0.0');
    const fresh = await registry.findPackument(name, never);
    const saved = cache.entries.get(name);
    expect(saved?.packument).toBe(fresh);
    const marked = { ...saved?.packument, repositoryUrl: 'from the cache' } as typeof fresh & object;
    const restarted = openRegistry({
      url: proxy.url,
      packuments: { ...cache, find: async () => ({ etag: saved?.etag ?? '', packument: marked }) },
    });
    expect(await restarted.findPackument(name, never)).toBe(marked);
    await publish(name, '1.0.1');
    const changed = await restarted.findPackument(name, never);
    expect([...(changed?.versions.keys() ?? [])]).toEqual(['1.0.0', '1.0.1']);
    expect(cache.entries.get(name)?.etag).not.toBe(saved?.etag);
    await restarted.stop();
  });

  it('remembers in memory what a broken cache cannot', async () => {
    const name = newName();
    await publish(name, '1.0.0');
    let isWarned = false;
    const forgetful = openRegistry({
      url: proxy.url,
      logger: { ...silent, warn: () => (isWarned = true) },
      packuments: { find: async () => undefined, save: async () => Promise.reject(new Error('disk')) },
    });
    const first = await forgetful.findPackument(name, never);
    expect(await forgetful.findPackument(name, never)).toBe(first);
    expect(isWarned).toBe(true);
    await forgetful.stop();
  });

  it('sees a version only once the registry shows it', async () => {
    const name = newName();
    await publish(name, '1.0.0');
    proxy.clear();
    proxy.setFaults(({ count }) => (count < 3 ? { kind: 'hide-version', version: '1.0.0' } : undefined));
    expect(await registry.findPackument(name, never)).toBeUndefined();
    expect(await registry.findPackument(name, never)).toBeUndefined();
    expect((await registry.findPackument(name, never))?.versions.has('1.0.0')).toBe(true);
  });

  const faults: readonly (readonly [string, Fault, Partial<Outage>])[] = [
    ['a web page', { kind: 'html-200' }, { kind: 'down' }],
    [
      'a 404 page of a proxy',
      { kind: 'status', status: 404, headers: { 'content-type': 'text/html' }, body: '<html>not found' },
      { kind: 'down' },
    ],
    ['500', { kind: 'status', status: 500 }, { kind: 'down', detail: 'HTTP 500' }],
    ['401', { kind: 'status', status: 401 }, { kind: 'credentials' }],
    ['403', { kind: 'status', status: 403 }, { kind: 'credentials' }],
    ['400', { kind: 'status', status: 400, headers: json, body: '{}' }, { kind: 'down' }],
    [
      '429 with Retry-After',
      { kind: 'status', status: 429, headers: { 'retry-after': '3' } },
      { kind: 'down', retryAfterMs: 3_000 },
    ],
    [
      'Retry-After with a past date',
      { kind: 'status', status: 503, headers: { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' } },
      { kind: 'down', retryAfterMs: 0 },
    ],
    ['not modified, when nothing was known', { kind: 'status', status: 304 }, { kind: 'down' }],
    ['an empty answer', { kind: 'status', status: 200, headers: json }, { kind: 'down' }],
    ['a reset', { kind: 'reset', when: 'before-forwarding' }, { kind: 'down' }],
    ['half an answer', { kind: 'half-answer' }, { kind: 'down' }],
    ['silence', { kind: 'hang' }, { kind: 'down', detail: 'no whole answer within 0.5 s' }],
    ['endless slowness', { kind: 'dribble', chunkBytes: 1, everyMs: 40 }, { kind: 'down' }],
  ];

  it.each(faults)('never takes %s for an answer about the name', async (_what, fault, expected) => {
    const name = newName();
    await publish(name, '1.0.0');
    proxy.setFaults(() => fault);
    await expect(registry.findPackument(name, never)).rejects.toMatchObject({ ...down, ...expected });
    proxy.clear();
    expect((await registry.findPackument(name, never))?.versions.size).toBe(1);
  });

  it('follows no redirect and shows the token to nobody else', async () => {
    const elsewhere = await startScripted((_request, response) => response.end('{}'));
    for (const status of [301, 302, 307, 308] as const) {
      proxy.setFaults(() => ({ kind: 'redirect', status, to: elsewhere.url }));
      await expect(registry.findPackument('com.studio.moved', never)).rejects.toMatchObject(down);
    }
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.stop();
  });

  it('is back as soon as the registry is', async () => {
    const name = newName();
    await publish(name, '1.0.0');
    const port = Number(new URL(proxy.url).port);
    await proxy.stop();
    await expect(registry.findPackument(name, never)).rejects.toMatchObject({
      ...down,
      detail: 'connection refused',
    });
    proxy = await startFaultProxy({ target: verdaccio.url, port });
    expect((await registry.findPackument(name, never))?.versions.size).toBe(1);
  });

  it('ends with the reason of its signal', async () => {
    proxy.setFaults(() => ({ kind: 'hang' }));
    const aborter = new AbortController();
    const reading = registry.findPackument('com.studio.x', aborter.signal);
    const reason = new Error('deadline');
    aborter.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });

  it.each([
    ['another name', '{"name":"com.studio.y","versions":{}}'],
    ['no name', '{"versions":{}}'],
    ['no versions', '{"name":"com.studio.x"}'],
    ['a list of versions', '{"name":"com.studio.x","versions":[]}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['cut JSON', '{"name":"com.studio.x","versions":{'],
  ])('refuses a document with %s', async (_what, document) => {
    await expect(readDocument(document)).rejects.toMatchObject({
      ...down,
      detail: 'answered with something that is not a packument',
    });
  });

  it('leaves out what is not a version, and lets no key reach a prototype', async () => {
    const packument = await readDocument(
      `{"name":"com.studio.x","__proto__":{"polluted":1},"versions":{"__proto__":{"dist":{}},"constructor":{},
        "latest":{},"1.0":{},"2.0.0":"text","1.0.0":{"dist":{"shasum":"aa"}},"1.1.0":{"dist":{"integrity":5}},
        "1.2.0":{"dist":{"integrity":"sha1-abc"}},"1.3.0":{"dist":null}},
        "dist-tags":{"__proto__":"1.0.0","constructor":"1.1.0","latest":{"x":1}}}`,
    );
    expect([...(packument?.versions.keys() ?? [])]).toEqual(['1.0.0', '1.1.0', '1.2.0', '1.3.0']);
    expect([...(packument?.versions.values() ?? [])].map((known) => known.integrity)).toEqual(
      Array(4).fill(undefined),
    );
    expect(packument?.distTags['toString']).toBeUndefined();
    expect(Object.entries(packument?.distTags ?? {})).toEqual([
      ['__proto__', '1.0.0'],
      ['constructor', '1.1.0'],
    ]);
    expect('polluted' in {}).toBe(false);
  });

  it('finds the sha512 among several hashes', async () => {
    const sha512 = `sha512-${'A'.repeat(86)}==`;
    const versions = { '1.0.0': { dist: { integrity: `sha1-abc= ${sha512}` } } };
    const packument = await readDocument(JSON.stringify({ name: 'com.studio.x', versions }));
    expect(packument?.versions.get('1.0.0')?.integrity).toBe(sha512);
  });

  it.each([
    [
      'of the newest version',
      { '1.2.0': { repository: { url: 'new' } }, '1.1.9': { repository: 'old' } },
      'new',
    ],
    [
      'written as text',
      { '1.0.0': { repository: 'git@git.example:studio/x.git' } },
      'git@git.example:studio/x.git',
    ],
    ['of the name, when no version has one', { '1.0.0': {} }, 'of the name'],
  ])('gives the repository %s', async (_what, versions, expected) => {
    const document = { name: 'com.studio.x', versions, repository: { type: 'git', url: 'of the name' } };
    expect((await readDocument(JSON.stringify(document)))?.repositoryUrl).toBe(expected);
  });

  it('knows a name whose versions were all unpublished', async () => {
    const packument = await readDocument(
      '{"name":"com.studio.x","time":{"unpublished":{"versions":["1.0.0"]}}}',
    );
    expect(packument?.versions.size).toBe(0);
  });

  it('reads below a path and escapes the name', async () => {
    const server = await startScripted((_request, response) => response.writeHead(404, json).end('{}'));
    const below = openRegistry({ url: `${server.url}npm/private` });
    expect(below.url).toBe(`${server.url}npm/private/`);
    await below.findPackument('com.studio/../x?y#z', never);
    expect(server.seen).toEqual([
      { path: '/npm/private/com.studio%2F..%2Fx%3Fy%23z', authorization: 'Bearer the-token' },
    ]);
    await below.stop();
    await server.stop();
  });
});

describe('setting a dist-tag', () => {
  it('moves it', async () => {
    const name = newName();
    await publish(name, '1.0.0');
    await publish(name, '1.1.0');
    await registry.setDistTag(name, 'latest', '1.0.0', never);
    await registry.setDistTag(name, 'release-1.1', '1.1.0', never);
    const packument = await registry.findPackument(name, never);
    expect({ ...packument?.distTags }).toEqual({ latest: '1.0.0', 'release-1.1': '1.1.0' });
  });

  it.each<readonly [string, Fault, Partial<Outage>]>([
    ['503', { kind: 'status', status: 503 }, { kind: 'down' }],
    ['404', { kind: 'status', status: 404, headers: json, body: '{}' }, { kind: 'down', detail: 'HTTP 404' }],
    ['401', { kind: 'status', status: 401 }, { kind: 'credentials' }],
    ['a web page', { kind: 'html-200' }, { kind: 'down' }],
    ['a reset', { kind: 'reset', when: 'before-forwarding' }, { kind: 'down' }],
  ])('does not pass over %s', async (_what, fault, expected) => {
    proxy.setFaults(() => fault);
    await expect(registry.setDistTag('com.studio.x', 'latest', '1.0.0', never)).rejects.toMatchObject({
      ...down,
      ...expected,
    });
    expect(proxy.requests()).toHaveLength(1);
  });
});

describe('probing', () => {
  it('is content with a registry that knows our token', async () => {
    await expect(registry.probe(never)).resolves.toBeUndefined();
  });

  it.each(['no-such-token', ''])('says that the token “%s” is not known', async (token) => {
    const stranger = openRegistry({ url: proxy.url, token: () => token });
    await expect(stranger.probe(never)).rejects.toMatchObject({ ...down, kind: 'credentials' });
    await stranger.stop();
  });

  it.each<readonly [string, Fault, Outage['kind']]>([
    ['401', { kind: 'status', status: 401 }, 'credentials'],
    ['403', { kind: 'status', status: 403 }, 'credentials'],
    ['503', { kind: 'status', status: 503 }, 'down'],
    ['a web page', { kind: 'html-200' }, 'down'],
    ['silence', { kind: 'hang' }, 'down'],
    ['404 for everything', { kind: 'status', status: 404 }, 'down'],
  ])('takes %s for an outage', async (_what, fault, kind) => {
    proxy.setFaults(() => fault);
    await expect(registry.probe(never)).rejects.toMatchObject({ ...down, kind });
  });

  it('asks a registry that has no “whoami” whether it is there', async () => {
    proxy.setFaults(({ path }) => (path === '/-/whoami' ? { kind: 'status', status: 404 } : undefined));
    await expect(registry.probe(never)).resolves.toBeUndefined();
    expect(proxy.requests().map((request) => request.path)).toEqual(['/-/whoami', '/-/ping']);
  });
});

describe('the sandbox registry', () => {
  it('knows its packages and tokens again after a restart', async () => {
    const own = join(folder, 'restarted');
    const first = await startRegistry({ folder: own });
    const port = Number(new URL(first.url).port);
    const client = openRegistry({ url: first.url, token: () => first.token });
    const upload = uploadOf(await makeTarball(folder, 64));
    await client.put(upload, never);
    await first.stop();
    await expect(client.probe(never)).rejects.toMatchObject(down);
    const second = await startRegistry({ folder: own, port });
    await expect(client.probe(never)).resolves.toBeUndefined();
    expect((await client.findPackument(upload.name, never))?.versions.has('1.0.0')).toBe(true);
    await client.stop();
    await second.stop();
  });
});

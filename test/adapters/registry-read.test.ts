import { describe, expect, it } from 'vitest';
import { type Fault, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import type { Outage } from '../../src/domain/failure/failure.ts';
import {
  cache,
  down,
  json,
  never,
  publish,
  registry,
  useImpatientRegistry,
  world,
} from './impatient-registry.ts';
import { newName, openRegistry, silent, startScripted } from './registry-fixtures.ts';

useImpatientRegistry();

describe('reading a packument', () => {
  it('returns versions, integrity and dist-tags; undefined for a name that nobody published', async () => {
    const name = newName();
    expect(await registry.findPackument(name, never)).toBeUndefined();
    const first = await publish(name, '1.0.0');
    const second = await publish(name, '1.1.0-beta.1', 'beta');
    const packument = await registry.findPackument(name, never);
    expect(packument?.versions.get('1.0.0')).toMatchObject({ version: '1.0.0', integrity: first });
    expect(packument?.versions.get('1.1.0-beta.1')?.integrity).toBe(second);
    expect({ ...packument?.distTags }).toEqual({ latest: '1.0.0', beta: '1.1.0-beta.1' });
  });

  it('uses the cache for what the registry reports as unchanged, also after a restart', async () => {
    const name = newName();
    await publish(name, '1.0.0');
    const fresh = await registry.findPackument(name, never);
    const saved = cache.entries.get(name);
    expect(saved?.packument).toBe(fresh);
    const marked = { ...saved?.packument, repositoryUrl: 'from the cache' } as typeof fresh & object;
    const restarted = openRegistry({
      url: world.proxy.url,
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
      url: world.proxy.url,
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
    world.proxy.clear();
    world.proxy.setFaults(({ count }) =>
      count < 3 ? { kind: 'hide-version', version: '1.0.0' } : undefined,
    );
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
    world.proxy.setFaults(() => fault);
    await expect(registry.findPackument(name, never)).rejects.toMatchObject({ ...down, ...expected });
    world.proxy.clear();
    expect((await registry.findPackument(name, never))?.versions.size).toBe(1);
  });

  const refusals: readonly (readonly [string, Fault, string])[] = [
    ['403', { kind: 'status', status: 403 }, 'registry-name-forbidden'],
    [
      'a redirect',
      { kind: 'redirect', status: 302, to: 'https://elsewhere.test/x' },
      'registry-name-forwarded',
    ],
    ['the document of another name', { kind: 'status', status: 200, body: '{}' }, 'registry-name-unreadable'],
    ['500', { kind: 'status', status: 500 }, 'registry-name-unavailable'],
  ];
  it.each(refusals)('takes %s for one name as a refusal of that name', async (_what, fault, reason) => {
    const name = newName();
    await publish(name, '1.0.0');
    world.proxy.clear();
    world.proxy.setFaults(({ path }) => (path === `/${name}` ? fault : undefined));
    await expect(registry.findPackument(name, never)).rejects.toMatchObject({
      name: 'NameRefusal',
      failure: { reason, facts: { name } },
    });
    const asked = world.proxy.requests().filter(({ path }) => path === `/${name}`);
    expect(asked).toHaveLength(2);
  });

  it('asks again after a successful probe, and succeeds when the trouble has passed', async () => {
    const name = newName();
    await publish(name, '1.0.0');
    world.proxy.clear();
    world.proxy.setFaults(({ path, count }) =>
      path === `/${name}` && count === 1 ? { kind: 'status', status: 403 } : undefined,
    );
    expect((await registry.findPackument(name, never))?.versions.size).toBe(1);
  });

  it.each([
    ['503', { kind: 'status', status: 503 }],
    ['silence', { kind: 'hang' }],
  ] as const)('takes %s for every name as an outage, whatever its probe says', async (_what, fault) => {
    const name = newName();
    await publish(name, '1.0.0');
    world.proxy.setFaults(({ path }) => (path.startsWith('/-/') ? undefined : fault));
    await expect(registry.findPackument(name, never)).rejects.toMatchObject(down);
  });

  it('follows no redirect and sends the token to no other host', async () => {
    const elsewhere = await startScripted((_request, response) => response.end('{}'));
    for (const status of [301, 302, 307, 308] as const) {
      world.proxy.setFaults(() => ({ kind: 'redirect', status, to: elsewhere.url }));
      await expect(registry.findPackument('com.studio.moved', never)).rejects.toMatchObject(down);
    }
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.stop();
  });

  it('succeeds again as soon as the registry does', async () => {
    const name = newName();
    await publish(name, '1.0.0');
    const target = world.verdaccio.url;
    const first = await startFaultProxy({ target });
    const client = openRegistry({ url: first.url });
    await first.stop();
    await expect(client.findPackument(name, never)).rejects.toMatchObject({
      ...down,
      detail: 'connection refused',
    });
    const second = await startFaultProxy({ target, port: Number(new URL(first.url).port) });
    expect((await client.findPackument(name, never))?.versions.size).toBe(1);
    await client.stop();
    await second.stop();
  });

  it('ends with the reason of its signal', async () => {
    world.proxy.setFaults(() => ({ kind: 'hang' }));
    const aborter = new AbortController();
    const reading = registry.findPackument('com.studio.x', aborter.signal);
    const reason = new Error('deadline');
    aborter.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });
});

describe('probing a registry', () => {
  it('succeeds when the registry accepts our token', async () => {
    await expect(registry.probe(never)).resolves.toBeUndefined();
  });

  it.each(['no-such-token', ''])(
    'reports that the registry does not accept the token “%s”',
    async (token) => {
      const stranger = openRegistry({ url: world.proxy.url, token: () => token });
      await expect(stranger.probe(never)).rejects.toMatchObject({ ...down, kind: 'credentials' });
      await stranger.stop();
    },
  );

  it.each<readonly [string, Fault, Outage['kind']]>([
    ['401', { kind: 'status', status: 401 }, 'credentials'],
    ['403', { kind: 'status', status: 403 }, 'credentials'],
    ['503', { kind: 'status', status: 503 }, 'down'],
    ['a web page', { kind: 'html-200' }, 'down'],
    ['silence', { kind: 'hang' }, 'down'],
    ['404 for everything', { kind: 'status', status: 404 }, 'down'],
  ])('takes %s for an outage', async (_what, fault, kind) => {
    world.proxy.setFaults(() => fault);
    await expect(registry.probe(never)).rejects.toMatchObject({ ...down, kind });
  });

  it('sends a ping to a registry that has no “whoami”', async () => {
    world.proxy.setFaults(({ path }) => (path === '/-/whoami' ? { kind: 'status', status: 404 } : undefined));
    await expect(registry.probe(never)).resolves.toBeUndefined();
    expect(world.proxy.requests().map((request) => request.path)).toEqual(['/-/whoami', '/-/ping']);
  });
});

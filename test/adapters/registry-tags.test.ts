import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/fault-proxy.ts';
import type { Outage } from '../../src/domain/failure.ts';
import type { Registry } from '../../src/ports/registry.ts';
import { makeTarball, newName, openRegistry, uploadOf } from './registry-fixtures.ts';
import { type RegistryWorld, startRegistryWorld } from './registry-world.ts';

let world: RegistryWorld;
let registry: Registry & { stop(): Promise<void> };
const never = new AbortController().signal;

beforeAll(async () => {
  world = await startRegistryWorld();
  const { proxy, verdaccio } = world;
  registry = openRegistry({
    url: proxy.url,
    token: () => verdaccio.token,
    requestTimeoutMs: 500,
  });
});
afterEach(() => world.proxy.clear());
afterAll(async () => {
  await registry.stop();
  await world.stop();
});

async function publish(name: string, version: string, distTag = 'latest'): Promise<string> {
  const tarball = await makeTarball(world.folder, 64);
  await registry.put(uploadOf(tarball, { name, version, distTag }), never);
  return tarball.integrity;
}

const down = { name: 'Outage', neighbour: 'registry', kind: 'down' };
const json = { 'content-type': 'application/json' };

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
    world.proxy.setFaults(() => fault);
    await expect(registry.setDistTag('com.studio.x', 'latest', '1.0.0', never)).rejects.toMatchObject({
      ...down,
      ...expected,
    });
    expect(world.proxy.requests()).toHaveLength(1);
  });
});

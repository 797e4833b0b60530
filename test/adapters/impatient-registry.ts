import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Registry } from '../../src/ports/registry.ts';
import { makeTarball, memoryCache, openRegistry, uploadOf } from './registry-fixtures.ts';
import { type RegistryWorld, startRegistryWorld } from './registry-world.ts';

export let world: RegistryWorld;
export let registry: Registry & { stop(): Promise<void> };
/** The adapter's cache of registry answers. */
export const cache = memoryCache();
export const never = new AbortController().signal;
export const down = { name: 'Outage', neighbour: 'registry', kind: 'down' };
export const json = { 'content-type': 'application/json' };

/**
 * Call at the top of a test file: one registry for all its tests, with a timeout of half a second; faults are cleared
 * after each test.
 */
export function useImpatientRegistry(): void {
  beforeAll(async () => {
    world = await startRegistryWorld();
    const { proxy, verdaccio } = world;
    registry = openRegistry({
      url: proxy.url,
      token: () => verdaccio.token,
      requestTimeoutMs: 500,
      packuments: cache,
    });
  });
  afterEach(() => world.proxy.clear());
  afterAll(async () => {
    await registry.stop();
    await world.stop();
  });
}

/** Publishes a version of random bytes and returns its integrity. */
export async function publish(name: string, version: string, distTag = 'latest'): Promise<string> {
  const tarball = await makeTarball(world.folder, 64);
  await registry.put(uploadOf(tarball, { name, version, distTag }), never);
  return tarball.integrity;
}

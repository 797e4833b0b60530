import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Registry } from '../../src/ports/registry.ts';
import { makeTarball, memoryCache, openRegistry, uploadOf } from './registry-fixtures.ts';
import { type RegistryWorld, startRegistryWorld } from './registry-world.ts';

export let world: RegistryWorld;
export let registry: Registry & { stop(): Promise<void> };
/** What the registry keeps of its answers. */
export const cache = memoryCache();
export const never = new AbortController().signal;
export const down = { name: 'Outage', neighbour: 'registry', kind: 'down' };
export const json = { 'content-type': 'application/json' };

/** For the top of a test file: one registry for all its tests, which waits half a second for an answer; no faults remain. */
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

/** A version of random bytes; their integrity. */
export async function publish(name: string, version: string, distTag = 'latest'): Promise<string> {
  const tarball = await makeTarball(world.folder, 64);
  await registry.put(uploadOf(tarball, { name, version, distTag }), never);
  return tarball.integrity;
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import { type SandboxRegistry, startRegistry } from '../../sandbox/registry.ts';

/** A packument as Verdaccio stores it. */
export interface StoredPackument {
  readonly 'dist-tags': Record<string, string>;
  readonly versions: Record<
    string,
    { dist: { integrity: string; shasum: string; tarball: string }; description: string }
  >;
}

/** A Verdaccio behind a proxy that fails on demand. */
export interface RegistryWorld {
  readonly folder: string;
  readonly verdaccio: SandboxRegistry;
  readonly proxy: FaultProxy;
  /** Reads a packument past the proxy. */
  readStored(name: string): Promise<StoredPackument>;
  stop(): Promise<void>;
}

export async function startRegistryWorld(): Promise<RegistryWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-test-'));
  const verdaccio = await startRegistry({ folder: join(folder, 'verdaccio') });
  const proxy = await startFaultProxy({ target: verdaccio.url });
  return {
    folder,
    verdaccio,
    proxy,
    readStored: async (name) => (await (await fetch(`${verdaccio.url}${name}`)).json()) as StoredPackument,
    stop: async () => {
      await proxy.stop();
      await verdaccio.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

import { type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import type { World } from '../../sandbox/world.ts';

/** Proxies in front of a world's git host, of GitHub's API beside it, and of where its LFS objects lie. */
export interface Doors {
  readonly git: FaultProxy;
  readonly api: FaultProxy;
  readonly storage: FaultProxy;
  stop(): Promise<void>;
}

export const addressOf = ({ url }: { readonly url: string }): string => url.replace(/\/$/, '');

/**
 * From here on the process goes through them: it is started anew, and `env`, which has to be the one that the world was
 * given, leads every later process there too.
 */
export async function openDoors(world: World, env: Record<string, string>): Promise<Doors> {
  const git = await startFaultProxy({ target: world.host.url });
  // GraphQL says in its body which repository it is about.
  const api = await startFaultProxy({ target: world.github.apiUrl, readsBodies: true });
  const storage = await startFaultProxy({ target: world.host.lfs.storageUrl });
  world.host.lfs.setStorage(addressOf(storage));
  Object.assign(env, { GITHUB_SERVER_URL: addressOf(git), GITHUB_API_URL: addressOf(api) });
  await world.restart('SIGKILL');
  return {
    git,
    api,
    storage,
    stop: async () => void (await Promise.all([git.stop(), api.stop(), storage.stop()])),
  };
}

import { type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import type { World } from '../../sandbox/world.ts';

/** Proxies in front of a world's git host, of GitHub's API beside it, of where its LFS objects lie, and of Discord's REST. */
export interface Doors {
  readonly git: FaultProxy;
  readonly api: FaultProxy;
  readonly storage: FaultProxy;
  /** Only with the option; the gateway is reached past it. */
  readonly discord: FaultProxy | undefined;
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
  const discord = await openDiscordDoor(world);
  world.host.lfs.setStorage(addressOf(storage));
  Object.assign(env, { GITHUB_SERVER_URL: addressOf(git), GITHUB_API_URL: addressOf(api) });
  if (discord !== undefined) Object.assign(env, { DISCORD_API_URL: `${discord.url}api` });
  await world.restart('SIGKILL');
  return {
    git,
    api,
    storage,
    discord,
    stop: async () => void (await Promise.all([git.stop(), api.stop(), storage.stop(), discord?.stop()])),
  };
}

/** What is told stands in the bodies. */
async function openDiscordDoor({ discord }: World): Promise<FaultProxy | undefined> {
  if (discord === undefined) return undefined;
  return startFaultProxy({ target: new URL(discord.apiUrl).origin, readsBodies: true });
}

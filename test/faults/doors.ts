import { type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import type { World } from '../../sandbox/world.ts';

/** Proxies in front of a world's git host, GitHub's API, the storage of LFS objects, and Discord's REST API. */
export interface Doors {
  readonly git: FaultProxy;
  readonly api: FaultProxy;
  readonly storage: FaultProxy;
  /** Present only with the option; the gateway is reached past it. */
  readonly discord: FaultProxy | undefined;
  stop(): Promise<void>;
}

export const addressOf = ({ url }: { readonly url: string }): string => url.replace(/\/$/, '');

/**
 * Opens the proxies and restarts the process so that it uses them. `env` must be the one that the world was given;
 * later processes get it too.
 */
export async function openDoors(world: World, env: Record<string, string>): Promise<Doors> {
  const git = await startFaultProxy({ target: world.host.url });
  // Reads bodies, because a GraphQL request names its repository there.
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

/** Reads bodies, because they contain the messages. */
async function openDiscordDoor({ discord }: World): Promise<FaultProxy | undefined> {
  if (discord === undefined) return undefined;
  return startFaultProxy({ target: new URL(discord.apiUrl).origin, readsBodies: true });
}

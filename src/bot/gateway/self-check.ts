import { type Channel, type Client, DiscordAPIError, PermissionFlagsBits } from 'discord.js';

const neededPermissions = [
  ['View Channel', PermissionFlagsBits.ViewChannel],
  ['Send Messages in Threads', PermissionFlagsBits.SendMessagesInThreads],
  ['Embed Links', PermissionFlagsBits.EmbedLinks],
  ['Attach Files', PermissionFlagsBits.AttachFiles],
  ['Read Message History', PermissionFlagsBits.ReadMessageHistory],
] as const;

/** The result when Discord could not be asked or gave an unexpected answer, so nothing is known. */
export const unseen = 'the guild could not be looked at';

/**
 * Returns what would hide our messages, as one sentence with its remedy; undefined when nothing would. Never throws.
 */
export async function findProblem(
  client: Client,
  guildId: string,
  threadIds: readonly string[],
): Promise<string | undefined> {
  return look(client, guildId, threadIds).catch(() => unseen);
}

async function look(
  client: Client,
  guildId: string,
  threadIds: readonly string[],
): Promise<string | undefined> {
  const guild = client.guilds.cache.get(guildId);
  if (guild === undefined)
    return `the bot is not in the guild ${guildId}: invite it, or set DISCORD_GUILD_ID`;
  const me = guild.members.me ?? (await guild.members.fetchMe());
  for (const id of new Set(threadIds)) {
    const thread = await findChannel(client, id);
    if (thread === undefined)
      return `there is no thread ${id} that the bot can see: give it View Channel, or set another one`;
    if (!thread.isThread() || thread.guildId !== guildId)
      return `${id} is not a thread of the guild: set another one`;
    const granted = thread.permissionsFor(me);
    if (thread.locked === true && !granted.has(PermissionFlagsBits.ManageThreads)) {
      return `the thread ${id} is locked: unlock it`;
    }
    const missing = neededPermissions.filter(([, bit]) => !granted.has(bit)).map(([name]) => name);
    if (missing.length > 0) return `in the thread ${id} the bot lacks ${missing.join(', ')}: grant it`;
  }
  return undefined;
}

/** Returns undefined when Discord says the channel does not exist or is not accessible. Throws on any other error. */
async function findChannel(client: Client, id: string): Promise<Channel | undefined> {
  try {
    const channel = await client.channels.fetch(id);
    if (channel === null) throw new Error('Discord answers something else than a channel');
    return channel;
  } catch (error) {
    if (error instanceof DiscordAPIError && [403, 404].includes(error.status)) return undefined;
    throw error;
  }
}

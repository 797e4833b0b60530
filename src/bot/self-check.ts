import { type Client, PermissionFlagsBits } from 'discord.js';

const neededPermissions = [
  ['View Channel', PermissionFlagsBits.ViewChannel],
  ['Send Messages in Threads', PermissionFlagsBits.SendMessagesInThreads],
  ['Embed Links', PermissionFlagsBits.EmbedLinks],
  ['Attach Files', PermissionFlagsBits.AttachFiles],
  ['Read Message History', PermissionFlagsBits.ReadMessageHistory],
] as const;

/** What would keep messages from being seen, as one sentence with its remedy; undefined when nothing would. */
export async function findProblem(
  client: Client,
  guildId: string,
  threadIds: readonly string[],
): Promise<string | undefined> {
  const guild = client.guilds.cache.get(guildId);
  if (guild === undefined)
    return `the bot is not in the guild ${guildId}: invite it, or set DISCORD_GUILD_ID`;
  const me = guild.members.me ?? (await guild.members.fetchMe());
  for (const id of new Set(threadIds)) {
    const thread = await client.channels.fetch(id).catch(() => null);
    if (thread === null)
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

import { DiscordAPIError, REST } from '@discordjs/rest';
import { z } from 'zod';
import { computePermissions, manageThreads, neededPermissions } from './discord-permissions.ts';
import { buildRestOptions } from './discord-rest.ts';

export interface InspectionOptions {
  /** DISCORD_API_URL, without a trailing slash. */
  readonly apiUrl: string;
  readonly token: string;
  readonly guildId: string;
  readonly threadIds: readonly string[];
  readonly roleIds: readonly string[];
}

/** One problem, and what to do about it (`remedy`). */
export interface DiscordTrouble {
  readonly text: string;
  readonly remedy: string;
}

export interface DiscordInspection {
  /** The bot's name on Discord; undefined when Discord refuses the token. */
  readonly name: string | undefined;
  readonly troubles: readonly DiscordTrouble[];
  /** Names of the slash commands registered in the guild. */
  readonly commands: readonly string[];
}

const id = z.string().regex(/^\d{1,25}$/);
const bits = z.string().regex(/^\d{1,30}$/);
const userShape = z.object({ id, username: z.string().max(200) });
const applicationShape = z.object({ id });
const guildShape = z.object({ owner_id: id, roles: z.array(z.object({ id, permissions: bits })) });
const memberShape = z.object({ roles: z.array(id) });
const threadShape = z.object({
  guild_id: id,
  parent_id: id,
  thread_metadata: z.object({ archived: z.boolean(), locked: z.boolean().optional() }),
});
const parentShape = z.object({
  permission_overwrites: z.array(z.object({ id, allow: bits, deny: bits })).default([]),
});
const commandsShape = z.array(z.object({ name: z.string().max(100) }));

const requestTimeoutMs = 10_000;

/**
 * Checks everything on Discord that the bot relies on, over REST only, without opening a gateway session. Throws when
 * Discord cannot be reached.
 */
export async function inspectDiscord(
  options: InspectionOptions,
  signal: AbortSignal,
): Promise<DiscordInspection> {
  const { guildId } = options;
  const rest = new REST(buildRestOptions(options.apiUrl, requestTimeoutMs));
  rest.setToken(options.token);
  const get: Get = async (path, shape) => find(rest, path, shape, signal);
  const me = await get('/users/@me', userShape);
  if (me === undefined) {
    const text = 'Discord refuses our token';
    return { name: undefined, troubles: [{ text, remedy: 'Renew DISCORD_TOKEN.' }], commands: [] };
  }
  const { username: name } = me;
  const guild = await get(`/guilds/${guildId}`, guildShape);
  if (guild === undefined) {
    const text = `${name} is not in the guild ${guildId}`;
    return { name, troubles: [{ text, remedy: 'Invite it, or set DISCORD_GUILD_ID.' }], commands: [] };
  }
  const member = await get(`/guilds/${guildId}/members/${me.id}`, memberShape);
  const seen: Seen = { ...options, guild, userId: me.id, roles: member?.roles ?? [] };
  const troubles = [...(await inspectThreads(get, seen)), ...listUnknownRoles(seen)];
  return { name, troubles, commands: await listCommands(get, guildId) };
}

async function inspectThreads(get: Get, seen: Seen): Promise<readonly DiscordTrouble[]> {
  const troubles: DiscordTrouble[] = [];
  for (const threadId of new Set(seen.threadIds))
    troubles.push(...(await inspectThread(get, seen, threadId)));
  return troubles;
}

function listUnknownRoles({ guild, roleIds }: Seen): readonly DiscordTrouble[] {
  const known = new Set(guild.roles.map((role) => role.id));
  const unknown = roleIds.filter((role) => !known.has(role));
  const remedy = 'Correct the settings that name it.';
  return unknown.map((role) => ({ text: `the guild has no role ${role}`, remedy }));
}

async function listCommands(get: Get, guildId: string): Promise<readonly string[]> {
  const application = await get('/applications/@me', applicationShape);
  if (application === undefined) return [];
  const commands = await get(`/applications/${application.id}/guilds/${guildId}/commands`, commandsShape);
  return (commands ?? []).map((command) => command.name);
}

type Get = <T>(path: string, shape: z.ZodType<T>) => Promise<T | undefined>;

interface Seen extends InspectionOptions {
  readonly guild: z.output<typeof guildShape>;
  readonly userId: string;
  readonly roles: readonly string[];
}

/** Undefined when the resource does not exist or the bot may not see it. */
async function find<T>(
  rest: REST,
  path: string,
  shape: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  try {
    return shape.parse(await rest.get(path as `/${string}`, { signal }));
  } catch (error) {
    if (error instanceof DiscordAPIError && [401, 403, 404].includes(error.status)) return undefined;
    throw error;
  }
}

async function inspectThread(get: Get, seen: Seen, threadId: string): Promise<readonly DiscordTrouble[]> {
  const thread = await get(`/channels/${threadId}`, threadShape).catch((error: unknown) => {
    if (error instanceof z.ZodError) return null;
    throw error;
  });
  if (thread === undefined) {
    const text = `there is no thread ${threadId} that the bot can see`;
    return [{ text, remedy: 'Give it View Channel, or set another one.' }];
  }
  if (thread === null || thread.guild_id !== seen.guildId) {
    return [{ text: `${threadId} is not a thread of the guild`, remedy: 'Set another one.' }];
  }
  const parent = await get(`/channels/${thread.parent_id}`, parentShape);
  const granted = computePermissions({
    guildId: seen.guildId,
    userId: seen.userId,
    roles: seen.roles,
    overwrites: parent?.permission_overwrites ?? [],
    ownerId: seen.guild.owner_id,
    guildRoles: seen.guild.roles,
  });
  const missing = neededPermissions.filter(([, bit]) => (granted & bit) === 0n).map(([name]) => name);
  const troubles: DiscordTrouble[] = [];
  if (missing.length > 0) {
    const text = `in the thread ${threadId} the bot lacks ${missing.join(', ')}`;
    troubles.push({ text, remedy: 'Grant it on the channel.' });
  }
  const mayUnlock = (granted & manageThreads) !== 0n;
  if (thread.thread_metadata.locked === true && !mayUnlock) {
    troubles.push({ text: `the thread ${threadId} is locked`, remedy: 'Unlock it, or set another one.' });
  }
  return troubles;
}

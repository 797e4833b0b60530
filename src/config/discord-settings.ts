import { z } from 'zod';
import type { Setting } from './setting.ts';
import { listOf, serviceUrl } from './values.ts';

const ids = listOf(/^\d{15,21}$/);
const oneId = ids.pipe(z.tuple([z.string()])).transform(([id]) => id);
const thread = oneId.describe('the id of a thread');
const roles = ids.describe('a comma list of role ids');

/** `login:id,login:id` as a map by login, in lower case. */
const users = listOf(/^[a-z\d](?:[a-z\d-]{0,37}[a-z\d])?(?:\[bot\])?:\d{15,21}$/i).transform(
  (pairs): ReadonlyMap<string, string> => new Map(pairs.map((pair) => splitPair(pair.toLowerCase()))),
);

function splitPair(pair: string): readonly [string, string] {
  const at = pair.lastIndexOf(':');
  return [pair.slice(0, at), pair.slice(at + 1)];
}

/** Settings of where the bot posts, and who may press what. */
export const discordSettings = [
  {
    name: 'DISCORD_TOKEN',
    secret: true,
    schema: z.string().describe('a bot token'),
    example: 'replace-with-a-bot-token',
    meaning: 'the bot; without it the process runs headless and announcements go to the log',
  },
  {
    name: 'DISCORD_GUILD_ID',
    schema: oneId.describe('the id of the guild'),
    example: '100000000000000001',
    meaning: 'where the bot works; other guilds are refused',
  },
  {
    name: 'DISCORD_THREAD_ID',
    schema: thread,
    example: '100000000000000002',
    meaning: 'where outcomes are announced',
  },
  {
    name: 'DISCORD_MONITORING_THREAD_ID',
    schema: thread,
    example: '100000000000000003',
    meaning: 'job reports and digests; the notification thread unless told',
  },
  {
    name: 'DISCORD_OPERATOR_ROLE_IDS',
    schema: roles,
    example: '100000000000000004',
    meaning: 'who may publish, register and override, besides Manage Server',
  },
  {
    name: 'DISCORD_RETRY_ROLE_IDS',
    schema: roles,
    example: '100000000000000005',
    meaning: 'who may press Retry; everyone who sees the thread unless told',
  },
  {
    name: 'DISCORD_USERS',
    schema: users.describe('a comma list of GitHub login:Discord user id (octocat:123456789012345678)'),
    example: 'octocat:100000000000000006',
    meaning: 'whom a failure of their push notifies',
  },
  {
    name: 'DISCORD_FAILURE_ROLE_ID',
    schema: oneId.describe('the id of a role'),
    example: '100000000000000007',
    meaning: 'notified of failures whose pusher is not in DISCORD_USERS; nobody unless told',
  },
  {
    name: 'DISCORD_API_URL',
    schema: serviceUrl,
    default: 'https://discord.com/api',
    meaning: 'REST base of Discord',
  },
] as const satisfies readonly Setting[];

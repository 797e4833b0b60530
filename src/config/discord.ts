import type { Read } from './reader.ts';
import { isLoopback, parseBaseUrl, parseList, splitList } from './values.ts';

/** Where the bot posts, and who may press what. */
export interface DiscordConfig {
  readonly guildId: string;
  readonly threadId: string;
  /** The thread for job reports and digests; by default the notification thread. */
  readonly monitoringThreadId: string;
  /** Roles that may publish, register and override, besides Manage Server. */
  readonly operatorRoleIds: readonly string[];
  /** Roles that may press Retry; empty means everyone who sees the thread. */
  readonly retryRoleIds: readonly string[];
  /** Discord user by GitHub login, in lower case. */
  readonly userIds: ReadonlyMap<string, string>;
  /** The role notified of failures whose pusher has no known Discord user. */
  readonly failureRoleId: string | undefined;
  /** Without a trailing slash. */
  readonly apiUrl: string;
}

const snowflake = /^\d{15,21}$/;

/** Returns undefined when there is no token and none is expected: the process then runs headless. */
export function readDiscord(read: Read, hasToken: boolean, problems: string[]): DiscordConfig | undefined {
  const ids = parseList(snowflake);
  const one = (text: string): string | undefined => {
    const [id] = ids(text) ?? [];
    return splitList(text).length === 1 ? id : undefined;
  };
  const guildId = read('DISCORD_GUILD_ID', one, undefined);
  const threadId = read('DISCORD_THREAD_ID', one, undefined);
  const monitoringThreadId = read('DISCORD_MONITORING_THREAD_ID', one, undefined);
  const operatorRoleIds = read('DISCORD_OPERATOR_ROLE_IDS', ids, []);
  const retryRoleIds = read('DISCORD_RETRY_ROLE_IDS', ids, []);
  const userIds = read('DISCORD_USERS', parseUsers, new Map());
  const failureRoleId = read('DISCORD_FAILURE_ROLE_ID', one, undefined);
  const apiUrl = read('DISCORD_API_URL', parseBaseUrl({ httpAllowed: isLoopback, trailingSlash: false }), '');
  if (!hasToken) return undefined;
  if (guildId === undefined)
    problems.push('DISCORD_GUILD_ID: not set, but DISCORD_TOKEN is; expected the id of the guild');
  if (threadId === undefined)
    problems.push('DISCORD_THREAD_ID: not set, but DISCORD_TOKEN is; expected the id of a thread');
  if (guildId === undefined || threadId === undefined) return undefined;
  return {
    guildId,
    threadId,
    monitoringThreadId: monitoringThreadId ?? threadId,
    operatorRoleIds,
    retryRoleIds,
    userIds,
    failureRoleId,
    apiUrl,
  };
}

/** Parses `login:id,login:id`. */
function parseUsers(text: string): ReadonlyMap<string, string> | undefined {
  const pairs = parseList(/^[a-z\d](?:[a-z\d-]{0,37}[a-z\d])?(?:\[bot\])?:\d{15,21}$/i)(text);
  return pairs && new Map(pairs.map((pair) => splitPair(pair.toLowerCase())));
}

function splitPair(pair: string): readonly [string, string] {
  const at = pair.lastIndexOf(':');
  return [pair.slice(0, at), pair.slice(at + 1)];
}

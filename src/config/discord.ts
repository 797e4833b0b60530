import type { Read } from '../config.ts';
import { isLoopback, parseBaseUrl, parseList, splitList } from './values.ts';

/** Where the bot talks, and who may press what. */
export interface DiscordConfig {
  readonly guildId: string;
  readonly threadId: string;
  /** Job reports and digests; the notification thread unless told. */
  readonly monitoringThreadId: string;
  /** May publish, register and override, besides Manage Server. */
  readonly operatorRoleIds: readonly string[];
  /** May press Retry; empty means everyone who sees the thread. */
  readonly retryRoleIds: readonly string[];
  /** Without a trailing slash. */
  readonly apiUrl: string;
}

const snowflake = /^\d{15,21}$/;

/** Undefined without a token: the process then runs headless. */
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
    apiUrl,
  };
}

import type { Reader } from './reader.ts';

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

/** Returns undefined when there is no token and none is expected: the process then runs headless. */
export function readDiscord({ problems, read }: Reader, hasToken: boolean): DiscordConfig | undefined {
  const guildId = read('DISCORD_GUILD_ID');
  const threadId = read('DISCORD_THREAD_ID');
  const monitoringThreadId = read('DISCORD_MONITORING_THREAD_ID');
  const config = {
    operatorRoleIds: read('DISCORD_OPERATOR_ROLE_IDS') ?? [],
    retryRoleIds: read('DISCORD_RETRY_ROLE_IDS') ?? [],
    userIds: read('DISCORD_USERS') ?? new Map(),
    failureRoleId: read('DISCORD_FAILURE_ROLE_ID'),
    apiUrl: read('DISCORD_API_URL'),
  };
  if (!hasToken) return undefined;
  if (guildId === undefined)
    problems.push('DISCORD_GUILD_ID: not set, but DISCORD_TOKEN is; expected the id of the guild');
  if (threadId === undefined)
    problems.push('DISCORD_THREAD_ID: not set, but DISCORD_TOKEN is; expected the id of a thread');
  if (guildId === undefined || threadId === undefined) return undefined;
  return { ...config, guildId, threadId, monitoringThreadId: monitoringThreadId ?? threadId };
}

/** What the bot needs to know of the settings. */
export interface DiscordConfig {
  readonly guildId: string;
  readonly threadId: string;
  readonly monitoringThreadId: string;
  readonly operatorRoleIds: readonly string[];
  readonly retryRoleIds: readonly string[];
  /** Discord user by GitHub login, in lower case. */
  readonly userIds: ReadonlyMap<string, string>;
  /** Notified of failures whose pusher nobody knows. */
  readonly failureRoleId: string | undefined;
  /** Without a trailing slash. */
  readonly apiUrl: string;
}

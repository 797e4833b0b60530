/** The settings that the bot needs. */
export interface DiscordConfig {
  readonly guildId: string;
  readonly threadId: string;
  readonly monitoringThreadId: string;
  readonly operatorRoleIds: readonly string[];
  readonly retryRoleIds: readonly string[];
  /** Discord user by GitHub login, in lower case. */
  readonly userIds: ReadonlyMap<string, string>;
  /** The role notified of failures whose pusher has no known Discord user. */
  readonly failureRoleId: string | undefined;
  /** Without a trailing slash. */
  readonly apiUrl: string;
}

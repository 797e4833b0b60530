/** What the bot needs to know of the settings. */
export interface DiscordConfig {
  readonly guildId: string;
  readonly threadId: string;
  readonly monitoringThreadId: string;
  readonly operatorRoleIds: readonly string[];
  readonly retryRoleIds: readonly string[];
  /** Without a trailing slash. */
  readonly apiUrl: string;
}

import type { DiscordDouble } from 'discord-stand-in';

/** Returns the settings that connect a process to this Discord, with one operator role. */
export function discordEnvironment(discord: DiscordDouble): Record<string, string> {
  const { apiUrl, botToken, guildId, threadId, monitoringThreadId, operatorRoleId } = discord;
  return {
    DISCORD_TOKEN: botToken,
    DISCORD_API_URL: apiUrl,
    DISCORD_GUILD_ID: guildId,
    DISCORD_THREAD_ID: threadId,
    DISCORD_MONITORING_THREAD_ID: monitoringThreadId,
    DISCORD_OPERATOR_ROLE_IDS: operatorRoleId,
  };
}

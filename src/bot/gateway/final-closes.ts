/** Gateway close codes after which reconnecting cannot help (Discord's documentation, “Gateway Close Event Codes”). */
export const finalCloses: Readonly<Record<number, string>> = {
  4004: 'Discord refuses our token: renew it in DISCORD_TOKEN_FILE, or in DISCORD_TOKEN and restart',
  4010: 'Discord refuses our shard',
  4011: 'Discord asks for sharding',
  4012: 'Discord no longer speaks this gateway version',
  4013: 'Discord does not know our intents',
  4014: 'Discord does not allow our intents: allow them in its developer portal and restart',
};

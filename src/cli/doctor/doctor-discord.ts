import { inspectDiscord } from '../../adapters/discord/discord-inspection.ts';
import { type Check, note, ok, problem } from './doctor-findings.ts';

/** Checks what the bot would see, but without a gateway session: Discord allows only a thousand logins a day. */
export const checkDiscord: Check = async ({ discord }, secrets, signal) => {
  const token = secrets.discordToken();
  if (discord === undefined) {
    const remedy = 'Nothing to do, or set DISCORD_TOKEN; see “The bot” in docs/operations.md.';
    return [note('discord', 'not configured: announcements go to the log', remedy)];
  }
  if (token === undefined) {
    const remedy = 'Write the bot’s token into it; the process takes it within 5 s.';
    return [problem('discord', 'DISCORD_TOKEN_FILE holds no token yet: announcements wait', remedy)];
  }
  const { apiUrl, failureRoleId, guildId, monitoringThreadId, operatorRoleIds, retryRoleIds, threadId } =
    discord;
  const roleIds = [
    ...operatorRoleIds,
    ...retryRoleIds,
    ...(failureRoleId === undefined ? [] : [failureRoleId]),
  ];
  const threadIds = [threadId, monitoringThreadId];
  const asked = { apiUrl, token, guildId, threadIds, roleIds };
  const seen = await inspectDiscord(asked, signal).catch(() => undefined);
  if (seen === undefined) {
    return [problem('discord', `${apiUrl} cannot be reached`, 'Check DISCORD_API_URL and the network.')];
  }
  const troubles = seen.troubles.map(({ remedy, text }) => problem('discord', text, remedy));
  if (seen.name === undefined) return troubles;
  const { commands } = await import('../../bot/commands/index.ts');
  const missing = commands
    .map(({ definition }) => definition.name)
    .filter((name) => !seen.commands.includes(name));
  const isReady = ok('discord', `${seen.name} can write to ${[...new Set(threadIds)].join(' and ')}`);
  return [
    ...(troubles.length === 0 ? [isReady] : troubles),
    ...(missing.length === 0
      ? [ok('commands', 'all commands are registered')]
      : [
          note(
            'commands',
            `not registered yet: ${missing.join(', ')}`,
            'Start the process: it registers them.',
          ),
        ]),
  ];
};

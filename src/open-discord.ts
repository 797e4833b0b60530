import type { OpenBot } from './bot/open-bot.ts';
import type { ForPeople } from './open-for-people.ts';
import type { AppDeps, Parts } from './open-parts.ts';
import type { Channel } from './ports/channel.ts';
import type { JobCancels } from './ports/job-cancels.ts';

/** The bot, when there is a token for it; its library takes longer to import than all the rest. */
export async function openDiscord(
  deps: AppDeps,
  { pictures, store }: Parts,
  people: ForPeople & { readonly cancels: JobCancels },
): Promise<OpenBot | undefined> {
  const { clock, config, logger, secrets } = deps;
  const { discord } = config;
  const token = secrets.discordToken();
  if (discord === undefined || token === undefined) return undefined;
  const { apiUrl, threadId, monitoringThreadId } = discord;
  const { openBot } = await import('./bot/open-bot.ts');
  const { buildDiscordChannel } = await import('./adapters/discord-channel.ts');
  const open = (channelId: string): Channel =>
    buildDiscordChannel({ apiUrl, channelId, token: () => secrets.discordToken(), pictures });
  return openBot({
    config: discord,
    token,
    channel: open(threadId),
    reports: open(monitoringThreadId),
    ...store,
    messages: store.threadMessages,
    cancels: people.cancels,
    asked: { ...people, memory: store.botMemory },
    recentLog: (job) => logger.ofJob(job),
    clock,
    logger,
    links: { registryUrl: config.registryUrl, gitServerUrl: config.githubServerUrl },
  });
}

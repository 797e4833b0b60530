import { buildLogThread } from '../adapters/discord/log-thread.ts';
import type { OpenBot } from '../bot/gateway/open-bot.ts';
import type { Thread } from '../ports/announcements.ts';
import type { Channel } from '../ports/chat.ts';
import type { JobSchedule } from '../ports/schedule.ts';
import { buildDelivery, type Delivery } from '../publisher/announce/deliver.ts';
import type { Ask } from '../publisher/operations/core.ts';
import type { AppDeps, Parts } from './parts.ts';

/**
 * Opens the bot when there is a token, or a file for one. Imported only then: its library takes longer to load than
 * everything else.
 */
export async function openDiscord(
  deps: AppDeps,
  { store }: Parts,
  ask: Ask,
  schedule: JobSchedule,
): Promise<OpenBot | undefined> {
  const { clock, config, logger, secrets } = deps;
  const { discord } = config;
  if (discord === undefined) return undefined;
  const token = (): string | undefined => secrets.discordToken();
  const { apiUrl, threadId, monitoringThreadId } = discord;
  const { openBot } = await import('../bot/gateway/open-bot.ts');
  const { buildPictures } = await import('../adapters/discord/picture/pictures.ts');
  const pictures = buildPictures(logger);
  const { buildDiscordChannel } = await import('../adapters/discord/discord-channel.ts');
  const open = (channelId: string): Channel =>
    buildDiscordChannel({ apiUrl, channelId, token, pictures, clock });
  const { buildRestOptions } = await import('../adapters/discord/discord-rest.ts');
  const { botMemory: memory, proposals, suggestions, threadMessages: messages } = store;
  const bot = openBot({
    discord: {
      rest: buildRestOptions(apiUrl),
      config: discord,
      token,
      channel: open(threadId),
      monitoring: open(monitoringThreadId),
    },
    asked: { ask, schedule, proposals, suggestions, recentLog: (job) => logger.ofJob(job) },
    messages,
    memory,
    clock,
    logger,
    links: { registryUrl: config.registryUrl, gitServerUrl: config.githubServerUrl },
  });
  const stop = async (): Promise<void> => {
    await bot.stop();
    await pictures.stop();
  };
  return { ...bot, stop };
}

/** Returns the bot's thread, or one that only logs. */
export function openThread({ logger }: AppDeps, bot: OpenBot | undefined): Thread {
  return bot?.thread ?? buildLogThread(logger);
}

export function openDelivery({ clock, logger }: AppDeps, { store }: Parts, thread: Thread): Delivery {
  return buildDelivery({ clock, logger, outbox: store.outbox, thread });
}

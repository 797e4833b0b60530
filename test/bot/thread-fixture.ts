import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DiscordDouble, type MessageView, startDiscord } from 'discord-stand-in';
import { buildDiscordChannel } from '../../src/adapters/discord/discord-channel.ts';
import { buildPictures } from '../../src/adapters/discord/picture/pictures.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { buildDiscordThread, type DiscordThread } from '../../src/bot/thread/thread.ts';
import type { Channel } from '../../src/ports/chat.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../store/test-store.ts';
import { buildJumpingClock, type JumpingClock } from './jumping-clock.ts';
import { links } from './sample-job.ts';

export const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
export const pusherId = '323456789012345678';

/** The thread over the real adapter and the real database, against a double of Discord. */
export interface ThreadFixture {
  readonly discord: DiscordDouble;
  readonly store: Store;
  readonly clock: JumpingClock;
  readonly thread: DiscordThread;
  /** Messages that are in the thread. */
  readonly standing: () => readonly MessageView[];
  readonly stop: () => Promise<void>;
}

export async function startThread(): Promise<ThreadFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'upm-thread-'));
  const discord = await startDiscord();
  const clock = buildJumpingClock();
  const store = await openTestStore(folder, { clock });
  const { apiUrl } = discord;
  const pictures = buildPictures(silent);
  const channelOf = (channelId: string): Channel =>
    buildDiscordChannel({ apiUrl, channelId, token: () => discord.botToken, pictures, clock: systemClock });
  const thread = buildDiscordThread({
    channel: channelOf(discord.threadId),
    monitoring: channelOf(discord.monitoringThreadId),
    messages: store.threadMessages,
    clock,
    logger: silent,
    links,
    pingsOf: ({ pusher }) => ({ users: pusher === 'ada' ? [pusherId] : [], roles: [] }),
  });
  return {
    discord,
    store,
    clock,
    thread,
    standing: () => discord.messages().filter(({ deleted }) => !deleted),
    stop: async () => {
      await pictures.stop();
      await store.close();
      await discord.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

import { type DiscordDouble, startDiscord } from 'discord-stand-in';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildDiscordChannel } from '../../src/adapters/discord/discord-channel.ts';
import { buildRestOptions } from '../../src/adapters/discord/discord-rest.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { type Bot, buildBot } from '../../src/bot/gateway/client.ts';
import { ThreadTrouble } from '../../src/ports/announcements.ts';
import type { Channel, Message } from '../../src/ports/chat.ts';
import { silent } from '../bot/thread-fixture.ts';

/** How long the adapter waits for one answer, and the allowance for a busy machine. */
const requestTimeoutMs = 15_000;
const slackMs = 15_000;
const message: Message = { content: 'Said once', embeds: [], buttons: [], files: [] };

let discord: DiscordDouble;

beforeEach(async () => {
  discord = await startDiscord();
});

afterEach(async () => discord.stop());

function openChannel(): Channel {
  const { apiUrl, threadId } = discord;
  return buildDiscordChannel({
    apiUrl,
    channelId: threadId,
    token: () => discord.botToken,
    clock: systemClock,
  });
}

/** Returns the kind of trouble with which the work was given up, and after how long. */
async function giveUp(work: Promise<unknown>): Promise<{ readonly kind: string; readonly afterMs: number }> {
  const startedAt = Date.now();
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ThreadTrouble)) throw new Error('no trouble was told', { cause: error });
  return { kind: error.kind, afterMs: Date.now() - startedAt };
}

describe('Discord, when it takes a request and never answers', () => {
  it('is given up after fifteen seconds, to be asked later', async () => {
    discord.setFault(() => ({ kind: 'hang' }));
    const { kind, afterMs } = await giveUp(openChannel().post(message, { nonce: 'a' }));
    expect(kind).toBe('later');
    expect(afterMs).toBeGreaterThanOrEqual(requestTimeoutMs - 100);
    expect(afterMs).toBeLessThan(requestTimeoutMs + slackMs);
    expect(discord.messages()).toEqual([]);
  });

  it('shows a message once, although it stored the unanswered one and got it again', async () => {
    discord.setFault(({ count }) => (count === 1 ? { kind: 'storeThenHang' } : undefined));
    const channel = openChannel();
    expect(await giveUp(channel.post(message, { nonce: 'a' }))).toMatchObject({
      kind: 'later',
    });
    const id = await channel.post(message, { nonce: 'a' });
    expect(discord.messages().map((standing) => standing.id)).toEqual([id]);
  });
});

describe('a gateway that sends hello and nothing else', () => {
  function startBot(): Bot {
    const bot = buildBot({
      rest: buildRestOptions(discord.apiUrl),
      token: () => discord.botToken,
      guildId: discord.guildId,
      threadIds: [discord.threadId, discord.monitoringThreadId],
      clock: systemClock,
      logger: silent,
      onInteraction: async () => undefined,
      onReady: () => undefined,
    });
    bot.start();
    return bot;
  }

  it('is left for another connection, which becomes ready', async () => {
    discord.silenceGateway(true);
    const bot = startBot();
    try {
      await vi.waitUntil(() => discord.silencedConnections() > 0, { timeout: 20_000 });
      expect(bot.state().kind).toBe('connecting');
      discord.silenceGateway(false);
      await vi.waitFor(() => expect(bot.state()).toMatchObject({ kind: 'ready', why: undefined }), {
        timeout: 60_000,
        interval: 100,
      });
      expect(discord.connections()).toBe(1);
    } finally {
      await bot.stop();
    }
  });

  it('does not keep the bot from stopping', async () => {
    discord.silenceGateway(true);
    const bot = startBot();
    await vi.waitUntil(() => discord.silencedConnections() > 0, { timeout: 20_000 });
    const startedAt = Date.now();
    await bot.stop();
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });
});

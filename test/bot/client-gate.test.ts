import { type DiscordDouble, startDiscord } from 'discord-stand-in';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { buildRestOptions } from '../../src/adapters/discord/discord-rest.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { type Bot, buildBot } from '../../src/bot/gateway/client.ts';
import { silent } from './thread-fixture.ts';

const nowhere = '123456789012345678';
let discord: DiscordDouble;
let bot: Bot;
/** What was wrong, recorded each time the client became ready. */
let whys: (string | undefined)[];

beforeEach(async () => {
  discord = await startDiscord();
  whys = [];
  bot = buildBot({
    rest: buildRestOptions(discord.apiUrl),
    token: () => discord.botToken,
    guildId: discord.guildId,
    threadIds: [discord.threadId, nowhere],
    // Shortens every pause to at most 10 ms.
    clock: { ...systemClock, sleep: async (ms, signal) => systemClock.sleep(Math.min(ms, 10), signal) },
    logger: silent,
    onInteraction: async () => undefined,
    onReady: () => whys.push(bot.state().why),
  });
});

afterEach(async () => {
  await bot.stop();
  await discord.stop();
});

it('the bot connects although a gate in front of Discord first demanded a login', async () => {
  discord.setFault(({ path, count }) =>
    path === '/gateway/bot' && count === 1
      ? { kind: 'status', status: 401, body: { error: 'log in' } }
      : undefined,
  );
  bot.start();
  await vi.waitFor(() => expect(bot.state().kind).toBe('ready'), { timeout: 10_000 });
  expect(discord.identifies()).toBe(1);
});

it.each([
  ['no answer', { kind: 'status', status: 503 }],
  ['another answer', { kind: 'status', status: 200, body: {} }],
  ['the page of a gate', { kind: 'status', status: 404, body: { error: 'no such page' } }],
] as const)(
  'a check of the thread that got %s reports nothing about it, and is repeated',
  async (_what, fault) => {
    discord.setFault(({ path, count }) =>
      path === `/channels/${nowhere}` && count === 1 ? fault : undefined,
    );
    bot.start();
    const missing = expect.stringContaining(`there is no thread ${nowhere}`);
    await vi.waitFor(() => expect(whys).toEqual(['the guild could not be looked at', missing]), {
      timeout: 10_000,
    });
    expect(bot.state()).toMatchObject({ kind: 'ready', why: missing });
  },
);

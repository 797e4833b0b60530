import { type DiscordDouble, startDiscord } from 'discord-stand-in';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildRestOptions } from '../../../src/adapters/discord/discord-rest.ts';
import { systemClock } from '../../../src/adapters/system/system-clock.ts';
import { type Bot, buildBot } from '../../../src/bot/gateway/client.ts';
import { buildJumpingClock } from '../jumping-clock.ts';
import { silent } from '../thread-fixture.ts';

let discord: DiscordDouble;
const bots: Bot[] = [];
let readies: number;
let token: string | undefined;
/** How often the token was requested. */
let asked: number;

beforeEach(async () => {
  readies = 0;
  discord = await startDiscord();
  [token, asked] = [discord.botToken, 0];
});

afterEach(async () => {
  await Promise.all(bots.splice(0).map((bot) => bot.stop()));
  await discord.stop();
});

function startBot(more: Partial<Parameters<typeof buildBot>[0]> = {}): Bot {
  const bot = buildBot({
    rest: buildRestOptions(discord.apiUrl),
    token: () => {
      asked++;
      return token;
    },
    guildId: discord.guildId,
    threadIds: [discord.threadId, discord.monitoringThreadId],
    clock: systemClock,
    logger: silent,
    onInteraction: async () => undefined,
    onReady: () => {
      readies++;
    },
    ...more,
  });
  bots.push(bot);
  bot.start();
  return bot;
}

/** Polls until the condition is true, 10 s at most. */
async function becomes(bot: Bot, kind: string, why?: unknown): Promise<void> {
  await vi.waitFor(() => expect({ ...bot.state(), since: 0 }).toEqual({ kind, since: 0, why }), {
    timeout: 10_000,
    interval: 10,
  });
}

const naming = (text: string): unknown => expect.stringContaining(text);

describe('the connection to Discord', () => {
  it('is made again with a new token after the old one was refused, and the old one is not tried again', async () => {
    const bot = startBot({
      clock: { ...systemClock, sleep: async (ms, signal) => systemClock.sleep(Math.min(ms, 10), signal) },
    });
    await becomes(bot, 'ready');
    discord.revokeToken();
    await becomes(bot, 'headless', naming('DISCORD_TOKEN_FILE'));
    const identifies = discord.identifies();
    discord.restoreToken('another-good-token-of-the-bot');
    const before = asked;
    await vi.waitUntil(() => asked > before + 3, { timeout: 10_000 });
    expect([bot.state().kind, discord.identifies()]).toEqual(['headless', identifies]);
    token = 'another-good-token-of-the-bot';
    await becomes(bot, 'ready');
    expect(discord.identifies()).toBe(identifies + 1);
  });

  it('waits for the first token without asking Discord when there is none yet', async () => {
    token = undefined;
    const bot = startBot({
      clock: { ...systemClock, sleep: async (ms, signal) => systemClock.sleep(Math.min(ms, 10), signal) },
    });
    await vi.waitUntil(() => asked > 3, { timeout: 10_000 });
    await becomes(bot, 'headless', naming('write it into DISCORD_TOKEN_FILE'));
    expect(discord.requests()).toEqual([]);
    token = discord.botToken;
    await becomes(bot, 'ready');
    expect(discord.identifies()).toBe(1);
  });

  it('goes on after a drop, in the same session', async () => {
    const bot = startBot();
    await becomes(bot, 'ready');
    const before = readies;
    discord.dropGateway({ resumable: true });
    await vi.waitUntil(() => readies > before && bot.state().kind === 'ready', { timeout: 10_000 });
    expect(discord.identifies()).toBe(1);
  });

  it('begins a new session once, after a drop whose session is lost', async () => {
    const bot = startBot();
    await becomes(bot, 'ready');
    const before = readies;
    discord.dropGateway({ resumable: false });
    await vi.waitUntil(() => readies > before, { timeout: 10_000 });
    await becomes(bot, 'ready');
    expect(discord.identifies()).toBe(2);
  });

  it('reports its loss while Discord is down, and comes back with Discord', async () => {
    const bot = startBot();
    await becomes(bot, 'ready');
    await discord.goDown();
    await becomes(bot, 'reconnecting', naming('lost'));
    await discord.comeBack();
    await becomes(bot, 'ready');
    expect(discord.identifies()).toBeLessThanOrEqual(2);
  });

  it('is made later when Discord was down at the start', async () => {
    await discord.goDown();
    const bot = startBot();
    await becomes(bot, 'connecting', 'Discord cannot be reached');
    await discord.comeBack();
    await becomes(bot, 'ready');
    expect(discord.identifies()).toBe(1);
  });

  it.each([
    ['a revoked token', () => discord.revokeToken(), 'DISCORD_TOKEN'],
    ['disallowed intents', () => discord.disallowIntents(), 'intents'],
  ])('is given up for good after %s, without a storm of retries', async (_, revoke, remedy) => {
    const bot = startBot();
    await becomes(bot, 'ready');
    revoke();
    const revokedAt = Date.now();
    await becomes(bot, 'headless', naming(remedy));
    expect(Date.now() - revokedAt).toBeLessThan(5_000);
    // Nothing that happens at the gateway from now on brings it back.
    discord.dropGateway({ resumable: true });
    discord.restoreToken(discord.botToken);
    await bot.stop();
    expect([discord.identifies(), discord.connections()]).toEqual([1, 0]);
  });

  it.each([
    ['a token that is not known', () => discord.revokeToken(), 'DISCORD_TOKEN', 0],
    ['intents that are not allowed', () => discord.disallowIntents(), 'intents', 1],
  ])('is not made with %s', async (_, revoke, remedy, identifies) => {
    revoke();
    const bot = startBot();
    await becomes(bot, 'headless', naming(remedy));
    expect(discord.identifies()).toBeLessThanOrEqual(identifies);
  });

  it('waits for another session when Discord allows none, instead of identifying', async () => {
    discord.setSessionStarts({ remaining: 0, resetAfterMs: 3_600_000 });
    const clock = buildJumpingClock();
    const startedAt = clock.now();
    let asked = 0;
    const bot = startBot({
      clock: {
        now: () => clock.now(),
        monotonic: () => clock.now(),
        sleep: async (ms, signal) => {
          expect(discord.identifies()).toBe(0);
          if (++asked === 3) discord.setSessionStarts({ remaining: 1_000 });
          await clock.sleep(ms, signal);
        },
      },
    });
    await becomes(bot, 'ready');
    expect(clock.now() - startedAt).toBe(3 * 3_600_000);
  });

  it('is given up when the process stops before a gateway answers', async () => {
    discord.setFault(({ path }) => (path === '/gateway/bot' ? { kind: 'hang' } : undefined));
    const bot = startBot();
    await vi.waitUntil(() => discord.requests().length > 0, { timeout: 10_000 });
    const stoppedAt = Date.now();
    await bot.stop();
    expect(Date.now() - stoppedAt).toBeLessThan(5_000);
  });
});

describe('the check of guild, threads and permissions', () => {
  it('names a guild that the bot is not in', async () => {
    const bot = startBot({ guildId: '123456789012345678' });
    await becomes(bot, 'ready', naming('not in the guild 123456789012345678'));
    expect(readies).toBe(1);
  });

  it.each([
    ['a thread that is not there', '123456789012345678', 'no thread 123456789012345678'],
    ['a channel that is no thread', undefined, 'is not a thread'],
  ])('names %s', async (_, id, words) => {
    const bot = startBot({ threadIds: [discord.threadId, id ?? discord.channelId] });
    await becomes(bot, 'ready', naming(words));
    expect(readies).toBe(1);
  });

  it.each([
    ['Send Messages in Threads', 1n << 38n],
    ['Embed Links', 1n << 14n],
    ['Attach Files', 1n << 15n],
    ['Read Message History', 1n << 16n],
  ])('names the permission %s, and forgets it when it is granted', async (name, bit) => {
    discord.setBotPermissions(274_878_024_704n & ~bit);
    const bot = startBot();
    await becomes(bot, 'ready', naming(name));
    const before = readies;
    discord.setBotPermissions(274_878_024_704n);
    await becomes(bot, 'ready');
    expect(readies).toBeGreaterThan(before);
  });

  it.each([
    [
      'locked',
      (isBroken: boolean) => discord.setThreadState(discord.threadId, { locked: isBroken }),
      'locked',
    ],
    [
      'deleted',
      (isBroken: boolean) => discord.setThreadState(discord.threadId, { deleted: isBroken }),
      'no thread',
    ],
  ])('notices at once that the thread is %s, and that it is mended', async (_, change, words) => {
    const bot = startBot();
    await becomes(bot, 'ready');
    change(true);
    await becomes(bot, 'ready', naming(words));
    const before = readies;
    change(false);
    await becomes(bot, 'ready');
    expect(readies).toBeGreaterThan(before);
  });
});

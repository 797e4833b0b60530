import { type DiscordDouble, startDiscord } from 'discord-stand-in';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DiscordInspection, inspectDiscord } from '../../../src/adapters/discord/discord-inspection.ts';

const never = new AbortController().signal;
let discord: DiscordDouble;

beforeEach(async () => {
  discord = await startDiscord();
});

afterEach(async () => discord.stop());

async function inspect(more: Partial<Parameters<typeof inspectDiscord>[0]> = {}): Promise<DiscordInspection> {
  const { apiUrl, botToken: token, guildId, monitoringThreadId, operatorRoleId, threadId } = discord;
  const threadIds = [threadId, monitoringThreadId];
  return inspectDiscord({ apiUrl, token, guildId, threadIds, roleIds: [operatorRoleId], ...more }, never);
}

async function troublesOf(more: Parameters<typeof inspect>[0] = {}): Promise<readonly string[]> {
  return (await inspect(more)).troubles.map(({ text }) => text);
}

describe('inspecting Discord without a session', () => {
  it('reports no problem for a bot that can do its work, and opens no gateway session', async () => {
    expect(await inspect()).toEqual({ name: 'upm-publisher', troubles: [], commands: [] });
    expect(discord.identifies()).toBe(0);
    expect(discord.violations()).toEqual([]);
  });

  it('reports that the token is refused', async () => {
    expect(await troublesOf({ token: 'sandbox.other' })).toEqual(['Discord refuses our token']);
  });

  it('reports that the bot is not in the guild', async () => {
    expect(await troublesOf({ guildId: '100000000000000001' })).toEqual([
      'upm-publisher is not in the guild 100000000000000001',
    ]);
  });

  it('names each missing permission', async () => {
    discord.setBotPermissions((1n << 10n) | (1n << 16n));
    const [first, second] = await troublesOf();
    expect(first).toBe(
      `in the thread ${discord.threadId} the bot lacks Send Messages in Threads, Embed Links, Attach Files`,
    );
    expect(second).toContain(discord.monitoringThreadId);
  });

  it('names a thread that is locked, one that is gone, and a channel that is no thread', async () => {
    discord.lockThread(discord.threadId);
    discord.deleteThread(discord.monitoringThreadId);
    expect(await troublesOf()).toEqual([
      `the thread ${discord.threadId} is locked`,
      `there is no thread ${discord.monitoringThreadId} that the bot can see`,
    ]);
  });

  it('names a role that does not exist', async () => {
    expect(await troublesOf({ roleIds: [discord.operatorRoleId, '100000000000000002'] })).toEqual([
      'the guild has no role 100000000000000002',
    ]);
  });

  it('throws while Discord is down', async () => {
    await discord.goDown();
    await expect(inspect()).rejects.toThrow(/fetch|ECONNREFUSED|connect/i);
    await discord.comeBack();
  });
});

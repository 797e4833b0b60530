import type { DiscordUser, Outcome } from 'discord-stand-in';
import { beforeAll, describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { menusOf, newestOf, textOf } from '../bot/command-world.ts';
import { discord, useSharedThread, world } from './shared-thread.ts';

let operator: DiscordUser;

useSharedThread();
beforeAll(() => {
  operator = discord.user({ name: 'Olga', roles: [discord.operatorRoleId] });
  world.push({ files: unityPackage('com.studio.core', '1.0.0', { folder: 'Packages/Core' }) });
});

async function chooseFirst(list: Outcome): Promise<Outcome> {
  const [menu] = menusOf(list);
  if (menu === undefined) throw new Error('there is no menu');
  const values = menu.options.slice(0, 1).map((option) => option.value);
  return discord.press(newestOf(list).id, menu.customId, operator, { values });
}

describe('people and the real process', () => {
  it('a person looks, chooses, confirms, and reads in the thread that it is published; a restart registers no command again', async () => {
    await expect.poll(() => discord.commands().length, { timeout: 20_000 }).toBe(5);
    const list = await discord.command({ name: 'unpublished', options: { refresh: true }, user: operator });
    await expect.poll(() => textOf(list), { timeout: 20_000 }).toContain('com.studio.core');
    const asked = await chooseFirst(list);
    const question = newestOf(asked);
    expect(question.content).toContain('Publish 1 package?\n• `com.studio.core` `1.0.0`');

    discord.clearRequests();
    await world.restart('SIGTERM');
    await expect.poll(() => discord.connections(), { timeout: 20_000 }).toBe(1);
    const confirm = question.buttons.find((button) => button.label === 'Publish');
    const done = await discord.press(question.id, String(confirm?.customId), operator);
    await expect.poll(() => done.content, { timeout: 20_000 }).toMatch(/`com\.studio\.core`: job #1/);
    const told = await discord.waitForMessage((message) =>
      message.content.includes('📦 com.studio.core 1.0.0'),
    );
    expect(told.embeds).toMatchObject([{ title: '📦 Package Published Successfully' }]);
    const published = await world.packument('com.studio.core');
    expect(published).toMatchObject({ 'dist-tags': { latest: '1.0.0' } });

    const status = await discord.command({ name: 'status', options: { job: 1 }, user: operator });
    expect(textOf(status)).toMatch(/✅ #1 published\n.*studio\/packages/);
    // The cache follows the job a moment later; a refresh asks the registry itself.
    const nothing = await discord.command({
      name: 'unpublished',
      options: { refresh: true },
      user: operator,
    });
    await expect.poll(() => nothing.content, { timeout: 20_000 }).toMatch(/^✅ Everything is published/);
    expect(discord.requests().filter(({ method }) => method === 'PUT')).toEqual([]);
    expect(discord.violations()).toEqual([]);
  });
});

import type { DiscordDouble, DiscordUser } from 'discord-stand-in';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { World } from '../../sandbox/world.ts';
import { textOf } from '../bot/command-world.ts';
import { within } from './thread-world.ts';
import { announce, core, jobOf } from './webhook-world.ts';

const slug = 'studio/packages';
let world: World;
let discord: DiscordDouble;
let operator: DiscordUser;

beforeAll(async () => {
  world = await World.start({ discord: true, env: { LOG_LEVEL: 'debug', CATCH_UP_MINUTES: '0' } });
  if (world.discord === undefined) throw new Error('this world has no Discord');
  discord = world.discord;
  operator = discord.user({ name: 'Olga', roles: [discord.operatorRoleId] });
  world.sendWebhooks();
  await vi.waitUntil(() => discord.commands().length === 5, within);
});
afterAll(async () => world?.stop());

async function setActive(): Promise<string> {
  const options = { repository: slug, status: 'active' };
  const answer = await discord.command({ name: 'register', subcommand: 'edit', options, user: operator });
  await expect.poll(() => textOf(answer), within).toMatch(/studio\/packages/);
  return textOf(answer);
}

const announcePush = async (version: string): Promise<string> =>
  announce(world, { after: world.push({ files: core(version) }) }, slug);

describe('a repository that was deleted and recreated with the same name', () => {
  it('is refused with what to do, announced once, and followed again once an operator activates it', async () => {
    const first = await announcePush('1.0.0');
    expect(await jobOf(world, first)).toBe('published');
    const old = world.github.repository(slug).id;
    const { id } = world.github.makeAnew(slug);

    for (const version of ['1.1.0', '1.2.0']) {
      const outcome = await announcePush(version);
      expect(outcome).toContain(`its id changed (${old} → ${id})`);
      expect(outcome).toContain('/register edit');
    }
    const notices = () =>
      discord.messages().filter((message) => JSON.stringify(message).includes('has another id on GitHub'));
    await expect.poll(() => notices().length, within).toBe(1);

    expect(await setActive()).toContain(`GitHub id: ${old} → ${id}`);
    expect(await jobOf(world, await announcePush('1.3.0'))).toBe('published');
    expect(await setActive()).not.toContain('GitHub id');
  });
});

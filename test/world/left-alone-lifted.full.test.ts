import type { DiscordDouble } from 'discord-stand-in';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { World } from '../../sandbox/world.ts';
import { versionsOf } from './releasing.ts';
import { readRows } from './stored-rows.ts';
import { other, tool } from './unannounced.ts';
import { announce, none } from './webhook-world.ts';

let world: World;
let discord: DiscordDouble;

beforeAll(async () => {
  world = await World.start({
    repositories: [{ slug: other }],
    env: { LOG_LEVEL: 'debug' },
    discord: true,
  });
  world.sendWebhooks();
  if (world.discord === undefined) throw new Error('a world without a Discord');
  discord = world.discord;
});
afterAll(async () => world?.stop());

const within = { timeout: 60_000, interval: 20 };
const looks = (): readonly unknown[] => readRows(world, 'select running, crashes from head_looks');

async function dieLooking(crashes: number): Promise<void> {
  await vi.waitFor(() => expect(looks()).toEqual([{ running: 1, crashes }]), within);
  await world.restart('SIGKILL');
  world.sendWebhooks();
}

it('/publish lifts what is held against a repository that the process died of twice, and publishes it', async () => {
  world.host.setFault(({ path }) => (path.includes(other) ? { kind: 'hang' } : undefined));
  const after = world.push({ files: tool('1.0.0') }, other);
  await world.github.announcePush(other, { ref: 'refs/heads/main', before: none, after });
  await dieLooking(0);
  await dieLooking(1);
  await world.process.waitFor(({ msg }) => msg === 'webhook handled');
  await world.process.waitFor(({ msg }) => msg === 'discord ready');
  world.host.setFault(undefined);
  expect(await announce(world, { after }, other)).toContain('is left alone at');

  const operator = discord.user({ name: 'Olga', roles: [discord.operatorRoleId] });
  const member = discord.user({ name: 'Mia' });
  const refused = await discord.command({ name: 'publish', options: { repository: other }, user: member });
  await expect.poll(() => refused.content, within).toMatch(/^You need/);
  expect(looks()).toHaveLength(1);

  const answer = await discord.command({ name: 'publish', options: { repository: other }, user: operator });
  await expect.poll(() => answer.content, within).toMatch(/^Queued #\d+/);
  await expect.poll(async () => versionsOf(world, 'com.studio.tool'), within).toEqual(['1.0.0']);
  expect(readRows(world, 'select * from head_looks where crashes > 0')).toEqual([]);
  expect(await announce(world, { after }, other)).not.toContain('is left alone at');
});

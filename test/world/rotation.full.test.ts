import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { type Accepted, World } from '../../sandbox/world.ts';

const within = { timeout: 30_000, interval: 50 };
const slugs = ['studio/packages', 'studio/second', 'studio/third'];
const bad = 'a-token-that-nobody-knows';
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upm-rotation-'));
  file = join(folder, 'secret');
  await writeFile(file, `${bad}\n`);
});

afterEach(async () => rm(folder, { recursive: true, force: true }));

/** Replaces the file as a secret store does: it exists at every moment. */
async function rotate(value: string): Promise<number> {
  await writeFile(`${file}.new`, `${value}\n`);
  await rename(`${file}.new`, file);
  return performance.now();
}

async function inWorld(name: string, discord: boolean, work: (world: World) => Promise<void>): Promise<void> {
  const repositories = slugs.slice(1).map((slug) => ({ slug }));
  const env = { [name]: '', [`${name}_FILE`]: file };
  const world = await World.start({ repositories, env, discord });
  try {
    await work(world);
    expect(world.process.output()).not.toContain(bad);
  } finally {
    await world.stop();
  }
}

async function dispatchEverywhere(world: World): Promise<readonly Accepted[]> {
  const accepted: Accepted[] = [];
  for (const [index, slug] of slugs.entries()) {
    const name = `com.studio.tool${index}`;
    const commit = world.push({ files: unityPackage(name, '1.0.0', { folder: name }) }, slug);
    accepted.push(await world.dispatch(commit, { repository: slug }));
  }
  return accepted;
}

describe('a secret that is changed in its file, without a restart', () => {
  it.each([
    ['NPM_TOKEN', 'registry', (world: World): string => world.registry.token],
    ['GITHUB_TOKEN', 'git-host', (world: World): string => world.gitToken],
  ] as const)(
    '%s: all that waits for the %s goes on within 30 s, in order',
    async (name, neighbour, tokenOf) => {
      await inWorld(name, false, async (world) => {
        const accepted = await dispatchEverywhere(world);
        await vi.waitFor(async () => {
          const reports = await Promise.all(accepted.map(async ({ id }) => world.report(id)));
          expect(reports.map(({ jobs }) => jobs[0]?.waitingFor)).toEqual(slugs.map(() => neighbour));
        }, within);
        const rotatedAt = await rotate(tokenOf(world));
        const finished = await Promise.all(accepted.map(async ({ id }) => world.finished(id)));
        expect(performance.now() - rotatedAt).toBeLessThan(30_000);
        expect(finished.map(({ status, attempts }) => ({ status, attempts }))).toEqual(
          slugs.map(() => ({ status: 'published', attempts: 1 })),
        );
        const lines = world.process.lines();
        const back = lines.findIndex(({ msg }) => msg === 'neighbour is back, jobs resume');
        const started = lines.slice(back).filter(({ msg }) => msg === 'job started');
        expect(started.map(({ job }) => job)).toEqual(accepted.map(({ job }) => job));
      });
    },
  );

  it('DISCORD_TOKEN: the bot connects again within 30 s, and announces what waited', async () => {
    await inWorld('DISCORD_TOKEN', true, async (world) => {
      const { discord } = world;
      if (discord === undefined) throw new Error('there is a Discord');
      await world.process.waitFor(({ msg }) => msg.startsWith('Discord refuses us'));
      expect((await world.publish({ files: unityPackage('com.studio.tool', '1.0.0') })).status).toBe(
        'published',
      );
      expect([discord.identifies(), discord.messages()]).toEqual([0, []]);
      const rotatedAt = await rotate(discord.botToken);
      await vi.waitFor(() => expect(discord.messages()).toHaveLength(1), within);
      expect(performance.now() - rotatedAt).toBeLessThan(30_000);
      expect(discord.identifies()).toBe(1);
      await world.process.waitFor(({ msg }) => msg === 'commands registered');
    });
  });
});

describe('a bot token that comes after the start', () => {
  it('is used within 30 s, without a restart, and what waited is announced', async () => {
    await rm(file);
    await inWorld('DISCORD_TOKEN', true, async (world) => {
      const { discord } = world;
      if (discord === undefined) throw new Error('there is a Discord');
      await world.process.waitFor(({ msg }) => msg.startsWith('Discord waits for a token'));
      const job = await world.publish({ files: unityPackage('com.studio.tool', '1.0.0') });
      expect(job.status).toBe('published');
      expect([discord.requests(), discord.messages()]).toEqual([[], []]);
      await rotate(discord.botToken);
      await vi.waitFor(() => expect(discord.messages()).toHaveLength(1), within);
      await world.process.waitFor(({ msg }) => msg === 'commands registered');
    });
  });
});

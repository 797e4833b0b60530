import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DiscordUser, Outcome } from 'discord-stand-in';
import { beforeAll, describe, expect, it } from 'vitest';
import { publishWithNpm } from '../../sandbox/plain-npm.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { type ScheduledJobName, scheduledJobNames } from '../../src/domain/schedule/scheduled-jobs.ts';
import { menusOf, newestOf, textOf } from '../bot/command-world.ts';
import { discord, useSharedThread, world } from './shared-thread.ts';
import { readRows } from './stored-rows.ts';

const core = (version: string) => unityPackage('com.studio.core', version, { folder: 'Core' });
const patient = { timeout: 60_000, interval: 100 } as const;
let operator: DiscordUser;
let stranger: DiscordUser;
// Turns the schedules off, so that only what somebody runs is run.
const off = scheduledJobNames.map((name) => [`JOB_${name.replaceAll('-', '_').toUpperCase()}`, 'off']);

useSharedThread({
  env: { CATCH_UP_MINUTES: '10', ...(Object.fromEntries(off) as Record<string, string>) },
});
beforeAll(async () => {
  operator = discord.user({ name: 'Olga', roles: [discord.operatorRoleId] });
  stranger = discord.user({ name: 'Sam' });
  await world.process.waitFor(({ msg }) => msg === 'commands registered');
});

async function pressJobs(user: DiscordUser): Promise<Outcome> {
  const status = await discord.command({ name: 'status', options: {}, user });
  await expect.poll(() => newestOf(status).buttons.length, patient).toBeGreaterThan(0);
  const button = newestOf(status).buttons.find(({ label }) => label === 'Scheduled jobs…');
  return discord.press(newestOf(status).id, String(button?.customId), user);
}

/** Runs a job from the list that an operator opened; returns what is said about its end. */
async function runJob(name: ScheduledJobName, user = operator): Promise<string> {
  const list = await pressJobs(operator);
  await expect.poll(() => menusOf(list).length, patient).toBe(1);
  const [menu] = menusOf(list);
  const chosen = await discord.press(newestOf(list).id, String(menu?.customId), user, { values: [name] });
  // Runs by other people are listed below it.
  const said = (): string => (user === operator ? chosen.content : textOf(chosen));
  await expect.poll(said, patient).toMatch(user === operator ? new RegExp(`\`${name}\`: `) : /You need/);
  return said();
}

interface RunRow {
  readonly name: string;
  readonly cause: string;
  readonly outcome: string;
  readonly asked_by: string;
}

function listRuns(): readonly RunRow[] {
  const rows = readRows(world, 'select name, cause, outcome, asked_by from scheduled_runs order by id');
  return rows as readonly RunRow[];
}

/** Publishes through somebody else’s pipeline, past ours. */
async function publishElsewhere(version: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'elsewhere-'));
  try {
    for (const [path, content] of Object.entries(core(version))) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content as string);
    }
    await publishWithNpm(join(folder, 'Core'), { registry: world.registry.url, token: world.registry.token });
  } finally {
    await rm(folder, { recursive: true });
  }
}

function listMonitored(): readonly string[] {
  return discord.messages(discord.monitoringThreadId).map(({ content }) => content);
}

describe('a day of scheduled jobs', () => {
  it('finds a push that no event announced, publishes it, and says why it was late', async () => {
    world.push({ files: core('1.0.0') });
    await world.restart('SIGTERM');
    await expect.poll(() => discord.connections(), patient).toBe(1);
    const told = await discord.waitForMessage(({ content }) => content.includes('com.studio.core 1.0.0'));
    expect(JSON.stringify(told.embeds)).toContain('No webhook and no dispatch announced this push');
    expect(await world.packument('com.studio.core')).toMatchObject({ 'dist-tags': { latest: '1.0.0' } });
  });

  it('is run job by job by an operator: each ends well, and is recorded with who asked', async () => {
    for (const name of scheduledJobNames) expect(await runJob(name)).toContain(`\`${name}\`: ✅ done`);
    const runs = listRuns();
    expect(runs).toEqual(
      scheduledJobNames.map((name) => ({
        name,
        cause: 'asked',
        outcome: 'done',
        asked_by: `discord:${operator.id}`,
      })),
    );
  });

  it('is closed to a stranger, at the button and in somebody else’s menu', async () => {
    const before = listRuns();
    const refused = await pressJobs(stranger);
    await expect.poll(() => textOf(refused), patient).toContain('You need');
    expect(await runJob('backup', stranger)).toContain('You need');
    expect(listRuns()).toEqual(before);
  });

  it('announces once that a job fails while the registry is down, and once that it works again', async () => {
    await publishElsewhere('1.1.0');
    expect(await runJob('package-cache-refresh')).toContain('✅ done');
    const before = listMonitored().length;
    const news = (): readonly string[] => listMonitored().slice(before);
    world.proxy.setFaults(() => ({ kind: 'status', status: 503 }));
    expect(await runJob('guid-index')).toContain('❌ failed');
    await expect.poll(news, patient).toHaveLength(1);
    expect(await runJob('guid-index')).toContain('❌ failed');
    world.proxy.clear();
    expect(await runJob('guid-index')).toContain('✅ done');
    await expect.poll(news, patient).toHaveLength(2);
    expect(await runJob('guid-index')).toContain('✅ done');
    // A second announcement of it would come before that of the next trouble.
    world.github.expireTokens();
    expect(await runJob('credential-check')).toContain('1 refused');
    await expect.poll(news, patient).toHaveLength(3);
    expect(news()).toEqual([
      expect.stringMatching(/guid-index.*fail/i),
      expect.stringMatching(/guid-index.*works again/i),
      expect.stringContaining('A credential is refused: the credentials for GitHub'),
    ]);
    expect(discord.violations()).toEqual([]);
  });
});

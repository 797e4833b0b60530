import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DiscordDouble } from 'discord-stand-in';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { type Accepted, type ReportShown, World } from '../../sandbox/world.ts';
import { readCount, readRows } from '../world/stored-rows.ts';
import { failure, isTitled, standing, success, titleOf } from '../world/thread-world.ts';

const within = { timeout: 60_000, interval: 100 };
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const slugs = ['studio/packages', 'studio/second', 'studio/third'];
const preload = new URL('../../sandbox/stepped-date.ts', import.meta.url).href;

let folder: string;
let world: World;
let discord: DiscordDouble;
let aheadMs = 0;

/** Replaces the file in one step, because the process reads it while we write. */
async function setClock(byMs: number): Promise<void> {
  aheadMs += byMs;
  const file = join(folder, 'ahead');
  await writeFile(`${file}.new`, String(aheadMs));
  await rename(`${file}.new`, file);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clock-'));
  await setClock(0);
  world = await World.start({
    discord: true,
    repositories: slugs.slice(1).map((slug) => ({ slug })),
    env: { NODE_OPTIONS: `--import=${preload}`, STEPPED_DATE_FILE: join(folder, 'ahead') },
  });
  if (world.discord === undefined) throw new Error('a world without a Discord');
  discord = world.discord;
});
afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true });
});

/** Dispatches three jobs: one waits for its second attempt, one is being uploaded, and one is behind it. */
async function begin(round: number): Promise<readonly Accepted[]> {
  world.proxy.clear();
  discord.setFault(({ path }) => (path.includes('/messages') ? { kind: 'status', status: 503 } : undefined));
  world.proxy.setFaults(({ method, path, count }) => {
    if (method !== 'PUT') return undefined;
    if (path.includes('busy') && count < 4) return { kind: 'status', status: 503 };
    return path.includes('slow') ? { kind: 'dribble', chunkBytes: 1, everyMs: 100 } : undefined;
  });
  const accepted: Accepted[] = [];
  for (const [slug = '', name] of [
    [slugs[0], 'busy'],
    [slugs[1], 'slow'],
    [slugs[1], 'behind'],
  ]) {
    const id = `com.studio.${name}${round}`;
    const commit = world.push({ files: unityPackage(id, '1.0.0', { folder: id }) }, slug);
    accepted.push(await world.dispatch(commit, { repository: slug }));
  }
  const [busy, slow] = accepted;
  await world.process.waitFor((line) => line.msg === 'job given back' && line.job === busy?.job);
  await world.process.waitFor((line) => line.msg === 'job started' && line.job === slow?.job);
  return accepted;
}

/** Dispatches a job that waits for a registry that is down. */
async function park(round: number): Promise<Accepted> {
  world.proxy.setFaults(() => ({ kind: 'status', status: 503 }));
  const name = `com.studio.parked${round}`;
  const slug = slugs[2] ?? '';
  const commit = world.push({ files: unityPackage(name, '1.0.0', { folder: name }) }, slug);
  const parked = await world.dispatch(commit, { repository: slug });
  await vi.waitFor(async () => {
    expect((await world.report(parked.id)).jobs).toMatchObject([
      { status: 'queued', waitingFor: 'registry' },
    ]);
  }, within);
  return parked;
}

async function readFinal(accepted: readonly Accepted[]): Promise<readonly ReportShown[]> {
  return vi.waitFor(async () => {
    const reports = await Promise.all(accepted.map(async ({ id }) => world.report(id)));
    expect(reports.map(({ jobs }) => jobs.map(({ status }) => status))).toEqual(
      accepted.map(() => ['published']),
    );
    return reports;
  }, within);
}

/** Lists all times and durations anywhere in the value, by the names of their members. */
function listLengths(value: unknown): readonly number[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'durationMs' && typeof item === 'number' ? [item] : listLengths(item),
  );
}

const rounds = [
  { words: 'back by an hour', byMs: -hourMs, isKilled: false },
  { words: 'back by a day, and the process is killed', byMs: -dayMs, isKilled: true },
  { words: 'forth by an hour', byMs: hourMs, isKilled: false },
  { words: 'forth by a day, and the process is killed', byMs: dayMs, isKilled: true },
  { words: 'forth by ten years', byMs: 3_650 * dayMs, isKilled: false },
  { words: 'back by ten years', byMs: -3_650 * dayMs, isKilled: false },
] as const;

describe('a host whose clock is set while jobs wait for something', { timeout: 150_000 }, () => {
  it.each(rounds.map((round, index) => ({ ...round, index })))(
    '$words: everything is published and announced once, in due time',
    async ({ byMs, index, isKilled }) => {
      const accepted = [...(await begin(index)), await park(index)];
      const startedAt = performance.now();
      const { process } = world;
      if (isKilled) {
        process.kill('SIGKILL');
        await process.exited;
        await setClock(byMs);
        world.process = await world.startProcess();
      } else {
        await setClock(byMs);
        await process.waitFor(
          (line) =>
            line.msg === 'the clock of this machine was set' &&
            Math.abs(Number(line['bySeconds']) * 1_000 - byMs) < 5_000,
        );
      }
      world.proxy.setFaults(() => undefined);
      discord.setFault(undefined);

      const reports = await readFinal(accepted);
      const names = ['busy', 'slow', 'behind', 'parked'].map((name) => `com.studio.${name}${index}`);
      for (const name of names)
        expect(Object.keys((await world.packument(name))?.versions ?? {})).toEqual(['1.0.0']);
      await vi.waitFor(() => {
        const told = standing(discord).filter(isTitled(success));
        const ofRound = told.filter((message) =>
          names.some((name) => JSON.stringify(message).includes(name)),
        );
        expect(ofRound).toHaveLength(names.length);
      }, within);
      expect(standing(discord).map(titleOf)).not.toContain(failure);
      // Enough for a probe, a retry and a restart, but never the length of the step.
      expect(performance.now() - startedAt).toBeLessThan(80_000);
      const lengths = listLengths(reports);
      expect(lengths.length).toBeGreaterThan(0);
      expect(Math.min(...lengths)).toBeGreaterThanOrEqual(0);
      expect(
        readCount(
          world,
          'select count(*) from jobs where finished_at < started_at or started_at < created_at',
        ),
      ).toBe(0);
      expect(readCount(world, 'select count(*) from attempts where ended_at < started_at')).toBe(0);
      expect(discord.violations()).toEqual([]);
    },
  );

  it('has an audit trail that says, in the order of its ids, what happened and when the clock was set', () => {
    const rows = readRows(world, "select action, subject from audit where subject like '#%' order by id") as {
      readonly action: string;
      readonly subject: string;
    }[];
    const jobs = Map.groupBy(rows, ({ subject }) => subject);
    expect(jobs.size).toBe(rounds.length * 4);
    for (const [, [first, ...more]] of jobs) {
      expect(first?.action).toBe('dispatch-accepted');
      expect(more.at(-1)?.action).toBe('job-finished');
      expect(more.filter(({ action }) => action === 'job-finished')).toHaveLength(1);
    }
    expect(readCount(world, "select count(*) from audit where action = 'clock-set'")).toBeGreaterThanOrEqual(
      5,
    );
  });

  it('has run no daily job twice, and has its backups', async () => {
    const daily = "name in ('backup','audit-retention','digest')";
    const twice = `select name, due_at from scheduled_runs where ${daily} group by name, due_at having count(*) > 1`;
    await vi.waitFor(async () => {
      expect((await readdir(join(world.folder, 'data', 'backups'))).length).toBeGreaterThan(0);
    }, within);
    expect(readRows(world, twice)).toEqual([]);
    const failed = "select name, note from scheduled_runs where outcome = 'failed' and name = 'backup'";
    expect(readRows(world, failed)).toEqual([]);
  });
});

import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import type { LogLine } from '../../sandbox/process.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import type { World } from '../../sandbox/world.ts';
import { readCount, readRows } from '../world/stored-rows.ts';
import { standing } from '../world/thread-world.ts';
import { countPuts, isStage } from './killed-batch.ts';
import { onSmallVolume, type SmallVolume } from './small-volume.ts';

/** Timeout for conditions that are polled. */
const within = { timeout: 60_000, interval: 50 };
const name = 'com.studio.core';
const other = 'studio/other';

const files = (version: string) => unityPackage(name, version, { assets: { count: 2, bytesEach: 100_000 } });

async function readStore(world: World): Promise<{ status: number; state: string; why: string | null }> {
  const answer = await fetch(`${world.process.url}/readyz`);
  const { store } = (await answer.json()) as { store: { state: string; why: string | null } };
  return { status: answer.status, ...store };
}

/** Dispatches a commit that the repository does not have, so that an accepted dispatch costs only its rows. */
async function postNumber(world: World, index: number): Promise<number> {
  const commit = index.toString(16).padStart(40, '0');
  const answer = await world.post(JSON.stringify({ repository: other, commit_sha: commit }));
  return answer.status;
}

/** Dispatches until one is refused and returns the answers; the database's log may have room for a few. */
async function postUntilRefused(world: World, from: number): Promise<readonly number[]> {
  const answers: number[] = [];
  while (answers.length < 2_000 && answers.at(-1) !== 503) {
    answers.push(await postNumber(world, from + answers.length));
  }
  return answers;
}

/** Returns files that an interrupted step would leave. */
function listHalves(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) =>
      /\.tmp$|\.lock$|\.unfinished|(^|\/)unfinished$|\/tmp_|\/\.tmp-|^work\/./.test(path) &&
      path !== 'publisher.lock',
  );
}

async function readMemoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024;
}

/** Fills the volume at the first matching line, once there is a volume. */
function fillAt(fits: (line: LogLine) => boolean) {
  let target: SmallVolume | undefined;
  return {
    arm: (volume: SmallVolume) => {
      target = volume;
    },
    onLine: (line: LogLine): void => {
      if (!fits(line)) return;
      target?.fill();
      target = undefined;
    },
  };
}

const isWaiting = (line: LogLine): boolean =>
  (line.msg === 'job given back' && line['neighbour'] === 'disk') ||
  line.msg === 'the outcome of a job could not be recorded yet';

/** Waits until the job waits for the disk; fails at once when the job ended instead. */
async function waits(world: World): Promise<void> {
  const line = await world.process.waitFor((seen) => isWaiting(seen) || seen.msg === 'job finished');
  expect(line.msg).not.toBe('job finished');
}

describe.concurrent('a full volume', () => {
  it.each(['fetch', 'stage-files', 'pack'])(
    'while a job is at %s makes it wait without spending an attempt, and then go on by itself to the same package',
    async (stage) => {
      const { arm, onLine } = fillAt(isStage(stage, stage === 'fetch' ? undefined : name));
      const skipped = await onSmallVolume(
        24,
        { env: { LOG_LEVEL: 'debug' }, onLine },
        async ({ world, volume }) => {
          arm(volume);
          const { id } = await world.dispatch(world.push({ files: files('1.0.0') }));
          await waits(world);
          expect(world.puts()).toBe(0);
          await volume.free();
          const job = await world.finished(id);
          expect(job.packages).toMatchObject([{ name, outcome: 'published' }]);
          const stored = (await world.packument(name))?.versions['1.0.0']?.dist.integrity;
          expect(job.packages[0]?.integrity).toBe(stored);
          expect(countPuts(world, name)).toBe(1);
          expect(readRows(world, 'select attempts, crashes from jobs')).toEqual([
            { attempts: 1, crashes: 0 },
          ]);
          expect(listHalves(volume.folder)).toEqual([]);
        },
      );
      if (skipped !== undefined) console.log(skipped);
    },
  );

  it('from before a PUT is answered lets the job find the stored package later, and announces it once', async () => {
    const repositories = [{ slug: other }];
    const skipped = await onSmallVolume(24, { discord: true, repositories }, async ({ world, volume }) => {
      // Makes the answer slow.
      world.proxy.setFaults(({ method }) =>
        method === 'PUT' ? { kind: 'dribble', chunkBytes: 1, everyMs: 100 } : undefined,
      );
      const { id } = await world.dispatch(world.push({ files: files('1.0.0') }));
      await vi.waitFor(() => expect(countPuts(world, name)).toBe(1), within);
      volume.fill();
      await postUntilRefused(world, 1);
      await waits(world);
      await volume.free();
      const job = await world.finished(id);
      expect(job.packages).toMatchObject([{ name, outcome: 'published' }]);
      expect(countPuts(world, name)).toBe(1);
      expect(readCount(world, "select count(*) from outbox where key like 'job-1-finished'")).toBe(1);
      expect(listHalves(volume.folder)).toEqual([]);
    });
    if (skipped !== undefined) console.log(skipped);
  });

  it('refuses what it cannot keep, says so in /readyz and the thread with what to do, and logs little otherwise', async () => {
    const repositories = [{ slug: other }];
    const skipped = await onSmallVolume(24, { discord: true, repositories }, async ({ world, volume }) => {
      const { discord } = world;
      if (discord === undefined) throw new Error('a world without a Discord');
      await world.process.waitFor((line) => line.msg === 'discord ready');
      const memoryMb = await readMemoryMb(world.process.pid);
      volume.fill();
      const answers = await postUntilRefused(world, 1);
      expect(new Set(answers)).toEqual(new Set(answers.length === 1 ? [503] : [202, 503]));
      await vi.waitFor(async () => {
        expect(await readStore(world)).toMatchObject({
          status: 503,
          state: 'down',
          why: 'the database cannot be written: there is no room left',
        });
      }, within);
      const before = world.process.lines().length;
      await vi.waitFor(() => {
        const [banner] = standing(discord).filter(({ content }) => content.includes('disk'));
        expect(banner?.content).toContain('disk is full');
        expect(banner?.embeds[0]?.description).toContain('Free space on the volume of DATA_DIR');
      }, within);
      // What may be logged in about half a minute.
      expect(world.process.lines().length - before).toBeLessThan(40);
      for (let index = 0; index < 200; index++) expect(await postNumber(world, 10_000 + index)).toBe(503);
      expect(await readMemoryMb(world.process.pid)).toBeLessThan(memoryMb + 100);
      await volume.free();
      await vi.waitFor(
        async () => expect(await readStore(world)).toMatchObject({ status: 200, state: 'ok' }),
        within,
      );
      const { id } = await world.dispatch(world.push({ files: files('1.0.0') }));
      expect((await world.finished(id)).status).toBe('published');
      await vi.waitFor(() => {
        const contents = standing(discord)
          .map(({ content }) => content)
          .filter((text) => text.includes('disk'));
        expect(contents).toEqual([
          expect.stringContaining('disk is full'),
          expect.stringContaining('disk can be written again'),
        ]);
      }, within);
      const accepted = answers.filter((status) => status === 202).length;
      expect(readCount(world, 'select count(*) from dispatches')).toBe(accepted + 1);
      expect(discord.violations()).toEqual([]);
    });
    if (skipped !== undefined) console.log(skipped);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import type { LogLine } from '../../sandbox/process.ts';
import { countLive, listHolds, listMissing, type Piece, send } from '../world/held-versions.ts';
import { uploadsAt } from '../world/report-reading.ts';
import { readCount } from '../world/stored-rows.ts';
import { isStage, type KillableWorld, startKillable } from './killed-batch.ts';

const within = { timeout: 120_000, interval: 50 };
const slugs = ['studio/core', 'studio/mid', 'studio/top'] as const;
const [core, mid, top] = ['com.studio.core', 'com.studio.mid', 'com.studio.top'] as const;
const pieces: readonly [Piece, Piece, Piece] = [
  { slug: slugs[0], name: core, version: '1.0.0', dependencies: {} },
  { slug: slugs[1], name: mid, version: '1.0.0', dependencies: { [core]: '1.0.0' } },
  { slug: slugs[2], name: top, version: '1.0.0', dependencies: { [mid]: '1.0.0' } },
];

let killable: KillableWorld;

afterEach(async () => killable.world.stop());

/** What is released when the job of `core` ends, and is killed before its own job comes to anything. */
const moments: readonly (readonly [string, (released: number) => (line: LogLine) => boolean])[] = [
  [
    'right after its release',
    (released) =>
      ({ msg, job }) =>
        msg === 'job finished' && job === released - 1,
  ],
  ['when its job begins', (released) => (line) => line.job === released && isStage('fetch')(line)],
  ['when its job is judged', (released) => (line) => line.job === released && line.stage === 'judge'],
];

describe('a process that is killed with kill -9 between the release of a held version and its run', () => {
  it.each(moments)(
    '%s publishes it once after the restart, and in order what waits for it',
    async (_what, at) => {
      killable = await startKillable({ repositories: slugs.map((slug) => ({ slug })) });
      const { world, killAt } = killable;
      for (const piece of [pieces[2], pieces[1]]) await world.finished(await send(world, piece));
      expect([mid, top].flatMap((name) => listHolds(world, name))).toMatchObject([
        { state: 'waiting' },
        { state: 'waiting' },
      ]);
      const { exited } = world.process;
      const last = readCount(world, 'select max(number) from jobs');
      killAt(at(last + 2));
      await send(world, pieces[0]);
      expect(await exited).toBe('SIGKILL');
      expect(listHolds(world, mid)).toMatchObject([{ state: 'released' }]);
      expect(listHolds(world, top)).toMatchObject([{ state: 'waiting' }]);
      expect(countLive(world)).toBe(1);
      expect(await listMissing(world, pieces)).toEqual([`${mid}@1.0.0`, `${top}@1.0.0`]);

      world.process = await world.startProcess();
      await expect.poll(async () => listMissing(world, pieces), within).toEqual([]);
      await expect.poll(() => countLive(world), within).toBe(0);
      expect(uploadsAt(world)).toEqual([core, mid, top]);
      expect([mid, top].flatMap((name) => listHolds(world, name))).toMatchObject([
        { state: 'settled', outcome: 'published' },
        { state: 'settled', outcome: 'published' },
      ]);
      expect(readCount(world, "select count(*) from audit where action = 'hold-released'")).toBe(2);
    },
  );
});

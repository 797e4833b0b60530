import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { startFaultProxy } from '../../sandbox/fault-proxy.ts';
import type { LogLine } from '../../sandbox/process.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { type Accepted, type ReportShown, World, type WorldOptions } from '../../sandbox/world.ts';

/** Timeout for conditions that are polled. */
const within = { timeout: 30_000, interval: 50 };
const slugs = ['studio/packages', 'studio/second', 'studio/third'];

async function inWorld(options: WorldOptions, work: (world: World) => Promise<void>): Promise<void> {
  const repositories = slugs.slice(1).map((slug) => ({ slug }));
  const world = await World.start({ repositories, ...options });
  try {
    await work(world);
  } finally {
    await world.stop();
  }
}

interface Underway {
  readonly end: () => Promise<void>;
  readonly cleanUp?: () => Promise<void>;
}

interface Outage {
  /** Name of the neighbour in the report and the log. */
  readonly neighbour: 'registry' | 'git-host';
  /** Name of the neighbour in /readyz. */
  readonly component: 'registry' | 'github';
  readonly begin: (world: World) => Promise<Underway>;
}

const outages: readonly (readonly [string, Outage])[] = [
  [
    'the registry answers 503 to everything',
    {
      neighbour: 'registry',
      component: 'registry',
      begin: async (world) => {
        world.proxy.setFaults(() => ({ kind: 'status', status: 503 }));
        return { end: async () => world.proxy.setFaults(() => undefined) };
      },
    },
  ],
  [
    'nothing listens where the registry was',
    {
      neighbour: 'registry',
      component: 'registry',
      begin: async (world) => {
        const port = Number(new URL(world.proxy.url).port);
        await world.proxy.stop();
        let back: Awaited<ReturnType<typeof startFaultProxy>> | undefined;
        return {
          end: async () => {
            back = await startFaultProxy({ target: world.registry.url, port });
          },
          cleanUp: async () => back?.stop(),
        };
      },
    },
  ],
  [
    'the git host answers 503 to everything',
    {
      neighbour: 'git-host',
      component: 'github',
      begin: async (world) => {
        world.host.setFault({ kind: 'status', status: 503 });
        return { end: async () => world.host.setFault(undefined) };
      },
    },
  ],
  [
    'the git host tears every connection down',
    {
      neighbour: 'git-host',
      component: 'github',
      begin: async (world) => {
        world.host.setFault({ kind: 'reset' });
        return { end: async () => world.host.setFault(undefined) };
      },
    },
  ],
];

/** Dispatches one job in each repository, and a second one in the first. */
async function dispatchEverywhere(world: World): Promise<readonly Accepted[]> {
  const accepted: Accepted[] = [];
  for (const [index, slug] of [...slugs, slugs[0] ?? ''].entries()) {
    const name = `com.studio.tool${index}`;
    const commit = world.push({ files: unityPackage(name, '1.0.0', { folder: name }) }, slug);
    accepted.push(await world.dispatch(commit, { repository: slug }));
  }
  return accepted;
}

async function readAll(world: World, accepted: readonly Accepted[]): Promise<readonly ReportShown[]> {
  return Promise.all(accepted.map(async ({ id }) => world.report(id)));
}

async function readWaiting(world: World, accepted: readonly Accepted[]): Promise<readonly unknown[]> {
  const reports = await readAll(world, accepted);
  return reports.map(({ jobs }) => jobs[0]?.waitingFor);
}

async function readReadiness(
  world: World,
): Promise<{ status: number; states: Record<string, { state: string; why: string | null }> }> {
  const answer = await fetch(`${world.process.url}/readyz`);
  const states = (await answer.json()) as Record<string, { state: string; why: string | null }>;
  return { status: answer.status, states };
}

/** Returns the jobs in the order in which they started after the neighbour was back. */
function startedAfterwards(lines: readonly LogLine[]): readonly unknown[] {
  const back = lines.findIndex((line) => line.msg === 'neighbour is back, jobs resume');
  return lines
    .slice(back)
    .filter((line) => line.msg === 'job started')
    .map((line) => line['job']);
}

describe.concurrent('while a neighbour is down', () => {
  it.each(outages)(
    '(%s) jobs park without spending attempts, and all go on in order once it is back',
    async (_, outage) => {
      await inWorld({}, async (world) => {
        const { neighbour, component } = outage;
        const { end, cleanUp } = await outage.begin(world);
        try {
          const accepted = await dispatchEverywhere(world);
          // The second job of the first repository waits behind the first one.
          const parked = [neighbour, neighbour, neighbour, null];
          await vi.waitFor(async () => expect(await readWaiting(world, accepted)).toEqual(parked), within);
          const down = await readReadiness(world);
          expect(down.status).toBe(200);
          expect(down.states[component]).toMatchObject({ state: 'down', why: expect.any(String) });
          expect(down.states['store']).toMatchObject({ state: 'ok' });
          for (const { jobs } of await readAll(world, accepted)) {
            expect(jobs).toMatchObject([{ status: 'queued', attempts: 0, failure: null }]);
            expect(jobs[0]?.packages.filter(({ outcome }) => outcome !== 'not-attempted')).toEqual([]);
          }
          expect(world.puts()).toBe(0);

          await end();

          const finished = await Promise.all(accepted.map(async ({ id }) => world.finished(id)));
          expect(finished.map(({ status, attempts }) => ({ status, attempts }))).toEqual(
            finished.map(() => ({ status: 'published', attempts: 1 })),
          );
          expect(startedAfterwards(world.process.lines())).toEqual(accepted.map(({ job }) => job));
          expect((await readReadiness(world)).states[component]).toMatchObject({ state: 'ok' });
        } finally {
          await cleanUp?.();
        }
      });
    },
  );

  it('parked jobs stay parked through a kill, and go on once it is back', async () => {
    await inWorld({}, async (world) => {
      world.proxy.setFaults(() => ({ kind: 'status', status: 503 }));
      const accepted = await dispatchEverywhere(world);
      const parked = ['registry', 'registry', 'registry', null];
      await vi.waitFor(async () => expect(await readWaiting(world, accepted)).toEqual(parked), within);
      await world.restart('SIGKILL');
      expect(await readWaiting(world, accepted)).toEqual(parked);
      expect((await readReadiness(world)).states['registry']).toMatchObject({ state: 'down' });
      world.proxy.setFaults(() => undefined);
      const finished = await Promise.all(accepted.map(async ({ id }) => world.finished(id)));
      expect(finished.map(({ status, attempts }) => [status, attempts])).toEqual(
        finished.map(() => ['published', 1]),
      );
    });
  });

  it('for longer than PARK_HOURS, a person is asked, and that person’s dispatch publishes it later', async () => {
    await inWorld({ env: { PARK_HOURS: '0.0003' } }, async (world) => {
      world.proxy.setFaults(() => ({ kind: 'status', status: 503 }));
      const commit = world.push({ files: unityPackage('com.studio.tool', '1.0.0') });
      const { id } = await world.dispatch(commit);
      await vi.waitFor(async () => {
        expect((await world.report(id)).jobs).toMatchObject([{ status: 'failed' }]);
      }, within);
      const [job] = (await world.report(id)).jobs;
      expect(job?.failure).toMatchObject({ reason: 'registry-unavailable' });
      expect(job?.packages.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
      world.proxy.setFaults(() => undefined);
      const next = await world.dispatch(commit);
      expect(next).toMatchObject({ id, duplicate: false });
      expect((await world.finished(id)).status).toBe('published');
    });
  });
});

describe('while the registry refuses the token', () => {
  it('jobs park, and go on once the token’s file contains a valid one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'upm-token-'));
    const file = join(folder, 'token');
    await writeFile(file, 'a-token-that-nobody-knows\n');
    try {
      await inWorld({ env: { NPM_TOKEN: '', NPM_TOKEN_FILE: file } }, async (world) => {
        const accepted = await dispatchEverywhere(world);
        const parked = ['registry', 'registry', 'registry', null];
        await vi.waitFor(async () => expect(await readWaiting(world, accepted)).toEqual(parked), within);
        expect((await readReadiness(world)).states['registry']).toMatchObject({
          state: 'down',
          // The detail of the refused publish, and of the probes from then on.
          why: expect.stringMatching(/401|does not know our token/),
        });
        for (const { jobs } of await readAll(world, accepted)) {
          expect(jobs).toMatchObject([{ status: 'queued', attempts: 0, failure: null }]);
        }
        await writeFile(`${file}.new`, `${world.registry.token}\n`);
        await rename(`${file}.new`, file);
        const finished = await Promise.all(accepted.map(async ({ id }) => world.finished(id)));
        expect(finished.map(({ status }) => status)).toEqual(finished.map(() => 'published'));
        expect(world.process.output()).not.toContain(world.registry.token);
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

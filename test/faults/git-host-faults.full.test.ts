import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../sandbox/fault-proxy.ts';
import { oidOf } from '../../sandbox/lfs-store.ts';
import { meta, unityPackage } from '../../sandbox/unity-repository.ts';
import type { Accepted, JobShown } from '../../sandbox/world.ts';
import {
  type Cell,
  expectCalm,
  type FaultyNeighbours,
  findCell,
  nameOf,
  slugOf,
  startFaultyNeighbours,
} from './faulty-neighbours.ts';

/** Expected state of a cell's job while its fault lasts. */
const isDown = { status: 'queued', waitingFor: 'git-host', attempts: 0 };
const isPublished = { status: 'published', attempts: 1 };
const hasFailed = (reason: string, attempts = 1) => ({ status: 'failed', attempts, failure: { reason } });

interface GitCell extends Cell {
  /** Requests that the fault hits; all of the repository when left out. */
  readonly where?: RegExp;
  readonly meanwhile: object;
}

const refs = /\/info\/refs/;
const pack = /\/git-upload-pack$/;
const batch = /\/info\/lfs\//;

function cellOf(cell: string, fault: Fault, meanwhile: object, where?: RegExp): GitCell {
  return { cell, fault: () => fault, meanwhile, ...(where === undefined ? {} : { where }) };
}

const status = (code: number, headers: Readonly<Record<string, string>> = {}): Fault => ({
  kind: 'status',
  status: code,
  headers,
});

const cells: readonly GitCell[] = [
  cellOf('late', { kind: 'delay', ms: 1_500 }, isPublished),
  cellOf('slow', { kind: 'dribble', chunkBytes: 64, everyMs: 2 }, isPublished),
  cellOf('silent', { kind: 'hang' }, isDown),
  cellOf('torn', { kind: 'reset', when: 'before-forwarding' }, isDown),
  cellOf('lost', { kind: 'reset', when: 'after-forwarding' }, isDown),
  cellOf('page', { kind: 'html-200' }, isDown),
  cellOf('json', { kind: 'status', status: 200, body: '{}' }, isDown),
  cellOf('says-401', status(401), isDown),
  cellOf('says-429', status(429, { 'retry-after': '3' }), isDown),
  cellOf('says-500', status(500), isDown),
  cellOf('says-503', status(503, { 'retry-after': '3' }), isDown),
  cellOf('says-403', status(403), hasFailed('repository-forbidden')),
  cellOf('says-404', status(404), hasFailed('repository-unavailable')),
  cellOf('says-422', status(422), hasFailed('repository-unavailable')),
  {
    cell: 'moved',
    fault: ({ elsewhere }) => ({ kind: 'redirect', status: 301, to: elsewhere.url }),
    meanwhile: hasFailed('repository-unavailable'),
  },
  // The host answers the probe, so this is no outage; after five attempts a person is asked.
  cellOf('half-refs', { kind: 'half-answer' }, hasFailed('fetch-failed', 5), refs),
  cellOf('half-pack', { kind: 'half-answer' }, hasFailed('fetch-failed', 5), pack),
  cellOf('page-pack', { kind: 'html-200' }, hasFailed('fetch-failed', 5), pack),
  cellOf('lfs-page', { kind: 'html-200' }, isDown, batch),
  cellOf('lfs-half', { kind: 'half-answer' }, isDown, batch),
  cellOf('lfs-endless', { kind: 'endless' }, isDown, batch),
  cellOf('lfs-torn', { kind: 'store-then-drop' }, isDown, batch),
];
/** The storage does not deliver their LFS objects. */
const storageCells: readonly GitCell[] = [
  cellOf('store-half', { kind: 'half-answer' }, isDown),
  cellOf('store-torn', { kind: 'reset', when: 'before-forwarding' }, isDown),
  cellOf('store-500', status(500), isDown),
];
const all = [...cells, ...storageCells];
const model = 'Runtime/Model.fbx';
const within = { timeout: 180_000, interval: 200 };
let neighbours: FaultyNeighbours;
const accepted = new Map<string, Accepted>();

beforeAll(async () => {
  neighbours = await startFaultyNeighbours(all.map(({ cell }) => cell));
  const { world, git, storage } = neighbours;
  git.setFaults((request) => {
    const found = findCell(cells, request);
    return found === undefined || found.where?.test(request.path) === false
      ? undefined
      : found.fault(neighbours);
  });
  const oids = new Map<string, GitCell>();
  storage.setFaults(({ path }) => oids.get(path.split('/').at(-1) ?? '')?.fault(neighbours));
  for (const item of all) {
    const content = Buffer.from(`the model of ${item.cell}`);
    const pointer = world.host.lfs.put(content);
    if (storageCells.includes(item)) oids.set(oidOf(content), item);
    const isLfs = item.where === batch || storageCells.includes(item);
    const files = isLfs ? { [model]: pointer, [`${model}.meta`]: meta(item.cell) } : {};
    const repository = slugOf(item.cell);
    const commit = world.push({ files: unityPackage(nameOf(item.cell), '1.0.0', { files }) }, repository);
    accepted.set(item.cell, await world.dispatch(commit, { repository }));
  }
});
afterAll(async () => neighbours.stop());

async function read(cell: string): Promise<JobShown | undefined> {
  return (await neighbours.world.report(accepted.get(cell)?.id ?? '')).jobs.at(-1);
}

describe('while the git host misbehaves towards one repository', () => {
  it('another one is published', async () => {
    const job = await neighbours.world.publish({ files: unityPackage('com.studio.healthy', '1.0.0') });
    expect(job).toMatchObject(isPublished);
  });

  it.each(all)('the job of $cell waits or fails as its fault requires', async ({ cell, meanwhile }) => {
    await vi.waitFor(async () => expect(await read(cell)).toMatchObject(meanwhile), within);
  });
});

describe('once the git host is well again', () => {
  beforeAll(async () => {
    neighbours.git.clear();
    neighbours.storage.clear();
    const { world } = neighbours;
    for (const { cell, meanwhile } of all) {
      if (meanwhile === isDown || meanwhile === isPublished) continue;
      const repository = slugOf(cell);
      await world.dispatch(world.tip(repository) ?? '', { repository });
    }
  });

  it.each(all)('$cell is published once, and no attempt was spent in vain', async ({ cell }) => {
    await vi.waitFor(async () => expect(await read(cell)).toMatchObject(isPublished), within);
    const name = nameOf(cell);
    const { proxy } = neighbours.world;
    expect(
      proxy.requests().filter(({ method, path }) => method === 'PUT' && path === `/${name}`),
    ).toHaveLength(1);
    expect(Object.keys((await neighbours.world.packument(name))?.versions ?? {})).toEqual(['1.0.0']);
  });

  it('nobody else got our token, /healthz stayed quick, and the process’s memory did not grow', () => {
    const { elsewhere, watch, world } = neighbours;
    expect(elsewhere.heard()).toEqual([]);
    expectCalm(watch);
    expect(world.process.output()).not.toContain(world.gitToken);
  });
});

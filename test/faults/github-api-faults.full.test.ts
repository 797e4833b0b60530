import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../sandbox/fault-proxy.ts';
import { gitSync } from '../../sandbox/git-sync.ts';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { readRows } from '../world/stored-rows.ts';
import { bareOf, changelogAt, changelogInTarball, raised, writeBackStates } from '../world/written-back.ts';
import {
  type Cell,
  expectCalm,
  type FaultyNeighbours,
  findCell,
  nameOf,
  slugOf,
  startFaultyNeighbours,
} from './faulty-neighbours.ts';

interface ApiCell extends Cell {
  /** The request that the fault hits, as `<method> <path>`; by default the first one, for the head of the branch. */
  readonly request?: RegExp;
  /** True when the entry is written in spite of the fault. */
  readonly isHarmless?: boolean;
}

const head = /^GET .*\/git\/ref\//;
const commit = /^POST \/graphql$/;
const json = { 'content-type': 'application/json; charset=utf-8' };
/** Level of errors in the log. */
const errorLevel = 50;

function cellOf(cell: string, fault: Fault, request = head): ApiCell {
  return { cell, request, fault: () => fault };
}

const says = (status: number, headers: Readonly<Record<string, string>> = {}): Fault => ({
  kind: 'status',
  status,
  headers: { ...json, ...headers },
  body: '{"message":"injected"}',
});

const cells: readonly ApiCell[] = [
  { ...cellOf('late', { kind: 'delay', ms: 1_500 }), isHarmless: true },
  { ...cellOf('slow', { kind: 'dribble', chunkBytes: 16, everyMs: 5 }), isHarmless: true },
  cellOf('silent', { kind: 'hang' }),
  cellOf('torn', { kind: 'reset', when: 'before-forwarding' }),
  cellOf('page', { kind: 'html-200' }),
  cellOf('other', { kind: 'status', status: 200, headers: json, body: '{"message":"Welcome"}' }),
  cellOf('half', { kind: 'half-answer' }),
  cellOf('endless', { kind: 'endless' }),
  cellOf('says-401', says(401)),
  cellOf('says-403', says(403)),
  cellOf('says-404', says(404)),
  cellOf('says-422', says(422)),
  cellOf('says-429', says(429, { 'retry-after': '2' })),
  cellOf('says-500', says(500)),
  cellOf('says-503', says(503, { 'retry-after': '2' })),
  {
    cell: 'moved',
    fault: ({ elsewhere }) => ({ kind: 'redirect', status: 307, to: elsewhere.url }),
  },
  // GitHub has made the commit; only its answer is lost.
  cellOf('commit-lost', { kind: 'store-then-drop' }, commit),
  cellOf('commit-502', { kind: 'store-then-status', status: 502 }, commit),
  cellOf('commit-half', { kind: 'half-answer' }, commit),
  cellOf('commit-page', { kind: 'html-200' }, commit),
  cellOf('commit-refused', says(422), commit),
];
const hurt = cells.filter(({ isHarmless }) => isHarmless !== true);
/** Long enough for the second try, a minute after the first. */
const within = { timeout: 240_000, interval: 200 };
let neighbours: FaultyNeighbours;

beforeAll(async () => {
  neighbours = await startFaultyNeighbours(cells.map(({ cell }) => cell));
  neighbours.api.setFaults((request) => {
    const found = findCell(cells, request);
    const isIt = (found?.request ?? head).test(`${request.method} ${request.path}`);
    return isIt ? found?.fault(neighbours) : undefined;
  });
});
afterAll(async () => neighbours.stop());

const stateOf = (cell: string): readonly unknown[] =>
  readRows(neighbours.world, writeBackStates, nameOf(cell));
const isOwed = (cell: string): boolean =>
  neighbours.world.process
    .lines()
    .some(({ msg, repository }) => msg === 'changelogs are still owed' && repository === slugOf(cell));

describe('while GitHub’s API misbehaves', () => {
  it('every publish succeeds, and its changelog is written back afterwards', async () => {
    const { world } = neighbours;
    const ids = cells.map(async ({ cell }) => {
      const repository = slugOf(cell);
      const files = unityPackage(nameOf(cell), '1.0.0', { folder: 'Core' });
      const first = await world.publish({ files }, { repository });
      const second = await world.publish({ files: raised(nameOf(cell), '1.1.0') }, { repository });
      return [first, second].map(({ status, attempts }) => `${status} ${attempts}`);
    });
    expect((await Promise.all(ids)).flat().filter((end) => end !== 'published 1')).toEqual([]);
  });

  it.each(hurt)('the changelog of $cell is owed', async ({ cell }) => {
    await vi.waitFor(() => expect(isOwed(cell)).toBe(true), within);
    expect(stateOf(cell)).toEqual([{ version: '1.1.0', state: 'owed' }]);
  });
});

describe('once GitHub’s API is well again', () => {
  beforeAll(() => neighbours.api.clear());

  it.each(cells)('the changelog of $cell is written once', async ({ cell }) => {
    await vi.waitFor(() => expect(stateOf(cell)).toEqual([{ version: '1.1.0', state: 'written' }]), within);
    const { world } = neighbours;
    const slug = slugOf(cell);
    expect(changelogAt(world, slug, 'main')).toBe(await changelogInTarball(world, nameOf(cell)));
    // Two commits of ours, and one that brought the entry.
    expect(gitSync(['-C', bareOf(world, slug), 'rev-list', '--count', 'main'])).toBe('3');
  });

  it('nobody else got our token, /healthz stayed quick, and the process’s memory did not grow', () => {
    const { elsewhere, watch, world } = neighbours;
    expect(elsewhere.heard()).toEqual([]);
    expectCalm(watch);
    expect(world.process.output()).not.toContain(world.gitToken);
    expect(world.process.lines().filter((line) => Number(line['level']) >= errorLevel)).toEqual([]);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFaultProxy } from '../../sandbox/fault-proxy.ts';
import { measurePacks } from '../../src/adapters/git/mirrors.ts';
import type { CommitSha } from '../../src/domain/repository/repository.ts';
import { type GitWorld, id, never, slug, startGitWorld } from './git-world.ts';

const gibibyte = 1024 ** 3;
const mebibyte = 1024 ** 2;

let world: GitWorld;

beforeEach(async () => {
  world = await startGitWorld();
  await world.reopen({ timeoutMs: 300_000 });
});
afterEach(async () => world.stop());

function git(args: readonly string[], input = ''): string {
  return execFileSync('git', ['-C', world.bare, ...args], { input, encoding: 'utf8' }).trim();
}

/** Commits one file of nothing but zeros; in git it takes a thousandth of its size. */
async function commitZeros(bytes: number): Promise<CommitSha> {
  const sparse = join(world.root, 'sparse');
  const file = await open(sparse, 'w');
  await file.truncate(bytes);
  await file.close();
  const blob = git([
    '-c',
    'core.bigFileThreshold=1m',
    '-c',
    'core.compression=1',
    'hash-object',
    '-w',
    sparse,
  ]);
  const tree = git(['mktree'], `100644 blob ${blob}\tzeros.bytes\n`);
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@studio.test'];
  const commit = git([...who, 'commit-tree', '-m', 'Zeros', tree]);
  git(['update-ref', 'refs/heads/main', commit]);
  return commit as CommitSha;
}

describe('a committed file of 5 GB that compresses to next to nothing', () => {
  it('is refused by its size: it is neither fetched as 5 GB nor written to the disk', async () => {
    const commit = await commitZeros(5 * gibibyte);
    await world.locate(commit);
    const tree = await world.source().listTree(id, commit, never);
    const folder = join(world.root, 'stage');
    await mkdir(folder);
    const staged = world.source().stageFiles(id, slug, tree, folder, 1600 * mebibyte, never);
    await expect(staged).rejects.toMatchObject({
      failure: { reason: 'tarball-too-large', facts: { sizeMb: 5 * 1024, limitMb: 1600 } },
    });
    expect(await readdir(folder)).toEqual([]);
    expect(await measurePacks(world.mirror)).toBeLessThan(50 * mebibyte);
  });
});

describe('a list of branches without an end', () => {
  it.each([
    ['that is none', 'text/html', { name: 'Outage', detail: 'HTTP 200, but not from a git server' }],
    [
      'that looks like one',
      'application/x-git-upload-pack-advertisement',
      { failure: { reason: 'fetch-failed' } },
    ],
  ])('%s is not held in memory: git is ended before the timeout', async (_what, contentType, said) => {
    const proxy = await startFaultProxy({ target: world.host.url });
    const sent: number[] = [];
    proxy.setFaults(() => ({ kind: 'endless', contentType, closed: (bytes) => void sent.push(bytes) }));
    try {
      await world.reopen({ serverUrl: proxy.url.replace(/\/$/, ''), timeoutMs: 300_000 });
      await expect(world.locate(await commitZeros(1))).rejects.toMatchObject(said);
      expect(Math.max(...sent)).toBeLessThan(1.2 * gibibyte);
    } finally {
      await proxy.stop();
    }
  });
});

import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noise, unityPackage } from '../../sandbox/unity-repository.ts';
import { parseCommit } from '../../src/adapters/git/parse-git.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import type { CommitSha } from '../../src/domain/repository/repository.ts';
import { type GitWorld, id, never, reasonOf, slug, startGitWorld } from './git-world.ts';

let world: GitWorld;

beforeEach(async () => {
  world = await startGitWorld();
});
afterEach(async () => world.stop());

async function readAll(sha: CommitSha): Promise<ReadonlyMap<string, Buffer>> {
  const tree = await world.source().listTree(id, sha, never);
  return world.source().readBlobs(
    id,
    slug,
    tree.map((entry) => entry.oid),
    { maxBytesEach: 1e6, maxBytesTotal: 1e7 },
    never,
  );
}

function git(...args: string[]): string {
  return execFileSync('git', ['-C', world.bare, ...args], { encoding: 'utf8' }).trim();
}

function packs(): readonly string[] {
  const folder = join(world.mirror, 'objects', 'pack');
  return readdirSync(folder).map((name) => join(folder, name));
}

function packBytes(): number {
  return packs().reduce((sum, file) => sum + statSync(file).size, 0);
}

/** Commits five blobs of 0.9 MB: small enough to come along with a bump, too large for a first fetch. */
function heavyCommit(): CommitSha {
  const names = ['1', '2', '3', '4', '5'];
  return world.commit({ files: Object.fromEntries(names.map((name) => [name, noise(name, 900_000)])) });
}

/** Runs `work` while one request fails; later requests succeed. */
async function failOnce<T>(kind: 'hang' | 'reset', work: () => Promise<T>): Promise<T> {
  const before = world.host.requests().length;
  world.host.setFault({ kind });
  const running = work();
  await expect.poll(() => world.host.requests().length, { interval: 1 }).toBeGreaterThan(before);
  world.host.setFault(undefined);
  return running;
}

describe('a mirror that is lost, damaged or incomplete', () => {
  it('is filled again, without contents, after it was lost', async () => {
    const sha = heavyCommit();
    await world.locate(sha);
    await rm(world.mirror, { recursive: true });
    await world.locate(sha);
    expect(packBytes()).toBeLessThan(100_000);
  });

  it('is filled without contents when the process died during the first fetch', async () => {
    const sha = heavyCommit();
    execFileSync('git', ['init', '--quiet', '--bare', world.mirror]);
    await writeFile(join(world.mirror, 'publisher-default-branch'), 'main');
    await world.locate(sha);
    expect(packBytes()).toBeLessThan(100_000);
  });

  it('remembers the default branch over a loss and a restart without asking the host', async () => {
    const sha = world.commit({ files: { a: '1' } });
    await world.locate(sha);
    await rm(world.mirror, { recursive: true });
    await world.locate(sha);
    await world.reopen();
    world.host.clearRequests();
    await world.locate(sha);
    expect(world.host.requests()).toEqual([]);
  });

  it('heals within one more attempt when the index of the contents is damaged', async () => {
    const sha = world.commit({ files: unityPackage('com.studio.a', '1.0.0') });
    await world.locate(sha);
    const before = packs();
    await readAll(sha);
    for (const file of packs().filter((name) => name.endsWith('.idx') && !before.includes(name))) {
      await chmod(file, 0o644);
      await writeFile(file, 'damaged');
    }
    await world.reopen();
    const attempts: string[] = [];
    for (let attempt = 1; attempt <= 2; attempt++) {
      attempts.push(await reasonOf(world.locate(sha).then(async () => readAll(sha))));
    }
    expect(attempts[0]).toMatch(/^(no error|fetch-failed)$/);
    expect(attempts[1]).toBe('no error');
    expect((await readAll(sha)).size).toBeGreaterThan(5);
  });

  it('is opened after a crash whatever its branches and left-overs are called', async () => {
    const nested = world.commit({ branch: 'tmp_work/x', files: { a: '1' } });
    const flat = world.commit({ branch: 'tmp_y', files: { a: '2' } });
    world.commit({ files: { a: '3' } });
    await world.locate(nested, ['*']);
    await mkdir(join(world.mirror, 'objects', 'tmp_objdir-incoming-AbC'));
    await mkdir(join(world.root, 'mirrors', 'scratch-AbC'));
    await world.reopen();
    world.host.clearRequests();
    expect(await world.locate(nested, ['*'])).toMatchObject({ branch: 'tmp_work/x' });
    expect(await world.locate(flat, ['*'])).toMatchObject({ branch: 'tmp_y' });
    expect(world.host.requests()).toEqual([]);
    expect(readdirSync(join(world.mirror, 'objects'))).not.toContain('tmp_objdir-incoming-AbC');
    expect(readdirSync(join(world.root, 'mirrors'))).not.toContain('scratch-AbC');
  });

  it('is kept when a fetch took too long or its connection broke', async () => {
    await world.locate(world.commit({ files: { a: '1' } }));
    await world.reopen({ timeoutMs: 2_000 });
    await world.locate(world.commit({ files: { a: '2' } }));
    const { ino } = statSync(world.mirror);
    const slow = world.commit({ files: { a: '3' } });
    expect(await failOnce('hang', async () => reasonOf(world.locate(slow)))).toBe('fetch-failed');
    expect(await failOnce('reset', async () => reasonOf(world.locate(slow)))).toBe('no error');
    expect(statSync(world.mirror).ino).toBe(ino);
  });
});

describe('a git host', () => {
  it('that never answers is an outage', async () => {
    await world.reopen({ timeoutMs: 800 });
    world.host.setFault({ kind: 'hang' });
    expect(await reasonOf(world.locate('a'.repeat(40) as CommitSha))).toBe('outage down');
  });

  it('may rename the default branch', async () => {
    let passedMs = 0;
    await world.reopen({ clock: { ...systemClock, monotonic: () => systemClock.monotonic() + passedMs } });
    await world.locate(world.commit({ files: { a: '1' } }));
    git('branch', '-m', 'main', 'trunk');
    git('symbolic-ref', 'HEAD', 'refs/heads/trunk');
    passedMs = 3_600_000;
    const sha = world.commit({ branch: 'trunk', files: { a: '2' } });
    expect(await world.locate(sha)).toMatchObject({ branch: 'trunk', isDefaultBranch: true });
  });

  it('gets no more requests once the source is stopped', async () => {
    const sha = world.commit({ files: { a: '1' } });
    world.host.setFault({ kind: 'hang' });
    const work = reasonOf(world.locate(sha));
    await expect.poll(() => world.host.requests().length).toBeGreaterThan(0);
    await world.source().stop();
    expect(await work).toBe('Error: stopping');
  });
});

describe('an unusual commit', () => {
  it('is not found by the name of a tag', async () => {
    const main = world.commit({ files: { a: '1' } });
    const feature = world.commit({ branch: 'feature', files: { a: '2' } });
    for (const target of [main, feature]) {
      const name = `of-${target}`;
      git('-c', 'user.name=Ada', '-c', 'user.email=ada@studio.test', 'tag', '-a', name, '-m', 'x', target);
      expect(await reasonOf(world.locate(git('rev-parse', `refs/tags/${name}`) as CommitSha))).toBe(
        'commit-not-found',
      );
    }
  });

  it('is located although its message is longer than we read', async () => {
    const sha = world.commit({ message: `Bump ${'x'.repeat(2_000_000)}`, files: { a: '1' } });
    const { subject } = await world.locate(sha);
    expect(subject).toMatch(/^Bump x{295}$/);
  });

  it('has a date that a Date can hold', () => {
    const raw = 'author A <a> 1 +0000\ncommitter A <a> 99999999999999999 +0000\n\nm\n';
    expect(() => new Date(parseCommit(Buffer.from(raw)).committedAtMs).toISOString()).not.toThrow();
  });

  it('with thousands of equal files is staged with few open descriptors', async () => {
    const names = Array.from({ length: 4_000 }, (_, index) => `d/f${index}`);
    const sha = world.commit({ files: Object.fromEntries(names.map((name) => [name, 'same'])) });
    await world.locate(sha);
    const folder = await mkdtemp(join(world.root, 'stage-'));
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, open());
    }, 1);
    await world
      .source()
      .stageFiles(id, slug, await world.source().listTree(id, sha, never), folder, 1e9, never);
    clearInterval(watch);
    expect(readdirSync(join(folder, 'd'))).toHaveLength(4_000);
    expect(most - before).toBeLessThan(100);
  });
});

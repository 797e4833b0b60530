import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitHost, startGitHost } from '../../sandbox/git-host.ts';
import { commitFiles, noise, unityPackage } from '../../sandbox/unity-repository.ts';
import type { GitPorts, GitSourceOptions } from '../../src/adapters/git/git-source.ts';
import { parseCommit } from '../../src/adapters/git/parse-git.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { Outage, PublishError } from '../../src/domain/failure.ts';
import type { CommitSha, RepositoryId, Slug } from '../../src/domain/repository.ts';
import type { Logger } from '../../src/ports/logger.ts';
import { openTestSource } from './test-source.ts';

const _quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const slug = 'studio/tools' as Slug;
const id = 1 as RepositoryId;
const never = new AbortController().signal;

let root: string;
let mirror: string;
let host: GitHost;
let bare: string;
let source: GitPorts;

function build(extra: Partial<GitSourceOptions> = {}): GitPorts {
  return openTestSource(host.url, join(root, 'mirrors'), extra);
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'git-damage-'));
  mirror = join(root, 'mirrors', `${id}.git`);
  host = await startGitHost({ folder: join(root, 'host') });
  bare = await host.createRepository(slug);
  source = build();
});

afterEach(async () => {
  await source.stop();
  await host.stop();
  await rm(root, { recursive: true });
});

function commit(options: Parameters<typeof commitFiles>[1]): CommitSha {
  return commitFiles(bare, options) as CommitSha;
}

async function locate(sha: CommitSha, branches: readonly string[] = [], signal = never) {
  return source.locate({ id, slug, commit: sha, branches }, signal);
}

async function readAll(sha: CommitSha): Promise<ReadonlyMap<string, Buffer>> {
  const tree = await source.listTree(id, sha, never);
  return source.readBlobs(
    id,
    slug,
    tree.map((entry) => entry.oid),
    1e6,
    never,
  );
}

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => 'no error',
    (caught: unknown) => caught,
  );
  if (error instanceof PublishError) return error.failure.reason;
  if (error instanceof Outage) return `outage ${error.kind}`;
  return String(error);
}

function git(...args: string[]): string {
  return execFileSync('git', ['-C', bare, ...args], { encoding: 'utf8' }).trim();
}

function packs(): readonly string[] {
  const folder = join(mirror, 'objects', 'pack');
  return readdirSync(folder).map((name) => join(folder, name));
}

function packBytes(): number {
  return packs().reduce((sum, file) => sum + statSync(file).size, 0);
}

/** Five blobs of 0.9 MB: small enough to come along with a bump, too much for a first contact. */
function heavyCommit(): CommitSha {
  const names = ['1', '2', '3', '4', '5'];
  return commit({ files: Object.fromEntries(names.map((name) => [name, noise(name, 900_000)])) });
}

/** Runs `work` while one request gets no proper answer; later ones do. */
async function failOnce<T>(kind: 'hang' | 'reset', work: () => Promise<T>): Promise<T> {
  const before = host.requests().length;
  host.setFault({ kind });
  const running = work();
  await expect.poll(() => host.requests().length, { interval: 1 }).toBeGreaterThan(before);
  host.setFault(undefined);
  return running;
}

describe('a mirror that is not what it was', () => {
  it('is filled again without contents after it was lost', async () => {
    const sha = heavyCommit();
    await locate(sha);
    await rm(mirror, { recursive: true });
    await locate(sha);
    expect(packBytes()).toBeLessThan(100_000);
  });

  it('is filled without contents when the process died during the first fetch', async () => {
    const sha = heavyCommit();
    execFileSync('git', ['init', '--quiet', '--bare', mirror]);
    await writeFile(join(mirror, 'publisher-default-branch'), 'main');
    await locate(sha);
    expect(packBytes()).toBeLessThan(100_000);
  });

  it('remembers the default branch over a loss and a restart, and asks nobody', async () => {
    const sha = commit({ files: { a: '1' } });
    await locate(sha);
    await rm(mirror, { recursive: true });
    await locate(sha);
    source = build();
    host.clearRequests();
    await locate(sha);
    expect(host.requests()).toEqual([]);
  });

  it('heals when the index of the contents is damaged', async () => {
    const sha = commit({ files: unityPackage('com.studio.a', '1.0.0') });
    await locate(sha);
    const before = packs();
    await readAll(sha);
    for (const file of packs().filter((name) => name.endsWith('.idx') && !before.includes(name))) {
      await chmod(file, 0o644);
      await writeFile(file, 'damaged');
    }
    expect(await reasonOf(readAll(sha))).toBe('fetch-failed');
    await locate(sha);
    expect((await readAll(sha)).size).toBeGreaterThan(5);
  });

  it('is opened after a crash whatever its branches and left-overs are called', async () => {
    const nested = commit({ branch: 'tmp_work/x', files: { a: '1' } });
    const flat = commit({ branch: 'tmp_y', files: { a: '2' } });
    commit({ files: { a: '3' } });
    await locate(nested, ['*']);
    await mkdir(join(mirror, 'objects', 'tmp_objdir-incoming-AbC'));
    await mkdir(join(root, 'mirrors', 'scratch-AbC'));
    source = build();
    host.clearRequests();
    expect(await locate(nested, ['*'])).toMatchObject({ branch: 'tmp_work/x' });
    expect(await locate(flat, ['*'])).toMatchObject({ branch: 'tmp_y' });
    expect(host.requests()).toEqual([]);
    expect(readdirSync(join(mirror, 'objects'))).not.toContain('tmp_objdir-incoming-AbC');
    expect(readdirSync(join(root, 'mirrors'))).not.toContain('scratch-AbC');
  });

  it('is kept when a fetch took too long or its connection broke', async () => {
    await locate(commit({ files: { a: '1' } }));
    source = build({ timeoutMs: 2_000 });
    await locate(commit({ files: { a: '2' } }));
    const { ino } = statSync(mirror);
    const slow = commit({ files: { a: '3' } });
    expect(await failOnce('hang', async () => reasonOf(locate(slow)))).toBe('fetch-failed');
    expect(await failOnce('reset', async () => reasonOf(locate(slow)))).toBe('no error');
    expect(statSync(mirror).ino).toBe(ino);
  });
});

describe('a git host', () => {
  it('that never answers is an outage', async () => {
    source = build({ timeoutMs: 800 });
    host.setFault({ kind: 'hang' });
    expect(await reasonOf(locate('a'.repeat(40) as CommitSha))).toBe('outage down');
  });

  it('may rename the default branch', async () => {
    let passedMs = 0;
    source = build({ clock: { ...systemClock, monotonic: () => systemClock.monotonic() + passedMs } });
    await locate(commit({ files: { a: '1' } }));
    git('branch', '-m', 'main', 'trunk');
    git('symbolic-ref', 'HEAD', 'refs/heads/trunk');
    passedMs = 3_600_000;
    const sha = commit({ branch: 'trunk', files: { a: '2' } });
    expect(await locate(sha)).toMatchObject({ branch: 'trunk', isDefaultBranch: true });
  });

  it('is left alone once the source is stopped', async () => {
    const sha = commit({ files: { a: '1' } });
    host.setFault({ kind: 'hang' });
    const work = reasonOf(locate(sha));
    await expect.poll(() => host.requests().length).toBeGreaterThan(0);
    await source.stop();
    expect(await work).toBe('Error: stopping');
  });
});

describe('an odd commit', () => {
  it('is not found by the name of a tag', async () => {
    const main = commit({ files: { a: '1' } });
    const feature = commit({ branch: 'feature', files: { a: '2' } });
    for (const target of [main, feature]) {
      const name = `of-${target}`;
      git('-c', 'user.name=Ada', '-c', 'user.email=ada@studio.test', 'tag', '-a', name, '-m', 'x', target);
      expect(await reasonOf(locate(git('rev-parse', `refs/tags/${name}`) as CommitSha))).toBe(
        'commit-not-found',
      );
    }
  });

  it('is located although its message is longer than we read', async () => {
    const sha = commit({ message: `Bump ${'x'.repeat(2_000_000)}`, files: { a: '1' } });
    const { subject } = await locate(sha);
    expect(subject).toMatch(/^Bump x{295}$/);
  });

  it('has a date that a Date can hold', () => {
    const raw = 'author A <a> 1 +0000\ncommitter A <a> 99999999999999999 +0000\n\nm\n';
    expect(() => new Date(parseCommit(Buffer.from(raw)).committedAtMs).toISOString()).not.toThrow();
  });

  it('with thousands of equal files is staged with few open descriptors', async () => {
    const names = Array.from({ length: 4_000 }, (_, index) => `d/f${index}`);
    const sha = commit({ files: Object.fromEntries(names.map((name) => [name, 'same'])) });
    await locate(sha);
    const folder = await mkdtemp(join(root, 'stage-'));
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, open());
    }, 1);
    await source.stageFiles(id, slug, await source.listTree(id, sha, never), folder, 1e9, never);
    clearInterval(watch);
    expect(readdirSync(join(folder, 'd'))).toHaveLength(4_000);
    expect(most - before).toBeLessThan(100);
  });
});

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitHost, startGitHost } from '../../sandbox/git-host.ts';
import { gitSync } from '../../sandbox/git-sync.ts';
import { commitFiles } from '../../sandbox/unity-repository.ts';
import type { GitPorts } from '../../src/adapters/git/git-source.ts';
import { PublishError } from '../../src/domain/failure.ts';
import type { RepositoryId, Slug } from '../../src/domain/repository.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { ResolvedCommit } from '../../src/ports/repository-source.ts';
import { openTestSource } from './test-source.ts';

const _quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const slug = 'studio/tools' as Slug;
const never = new AbortController().signal;

let root: string;
let host: GitHost;
let bare: string;
let source: GitPorts;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'resolve-ref-'));
  host = await startGitHost({ folder: join(root, 'host') });
  bare = await host.createRepository(slug, 'trunk');
  source = openTestSource(host.url, join(root, 'mirrors'));
});

afterEach(async () => {
  await source.stop();
  await host.stop();
  await rm(root, { recursive: true });
});

async function resolve(ref?: string, branches: readonly string[] = []): Promise<ResolvedCommit> {
  return source.resolve({ id: 1 as RepositoryId, slug, ref, branches }, never);
}

async function reasonOf(ref: string | undefined): Promise<string> {
  return resolve(ref).then(
    ({ commit }) => commit,
    (error: unknown) => (error instanceof PublishError ? error.failure.reason : String(error)),
  );
}

describe('resolving what a person typed', () => {
  it('takes the head of the default branch when nothing was typed, also after it moved', async () => {
    const first = commitFiles(bare, { branch: 'trunk', files: { a: '1' } });
    expect(await resolve()).toMatchObject({ commit: first, branch: 'trunk', isDefaultBranch: true });
    const second = commitFiles(bare, { branch: 'trunk', files: { a: '2' } });
    expect(await resolve()).toMatchObject({ commit: second });
    host.clearRequests();
    expect(await resolve()).toMatchObject({ commit: second });
    // A head that the mirror knows costs the question, not a fetch.
    expect(host.requests().filter(({ service }) => service === 'info')).toHaveLength(1);
  });

  it('takes a branch, a plain tag, an annotated tag, a commit and its first digits', async () => {
    const first = commitFiles(bare, { branch: 'trunk', files: { a: '1' } });
    const second = commitFiles(bare, { branch: 'trunk', files: { a: '2' } });
    const release = commitFiles(bare, { branch: 'release/1.x', parent: first, files: { a: '3' } });
    gitSync(['-C', bare, 'tag', 'v1', first]);
    gitSync(['-C', bare, '-c', 'user.name=a', '-c', 'user.email=a@b', 'tag', '-a', '-m', 'x', 'v2', second]);
    expect(await resolve('release/1.x', ['release/*'])).toMatchObject({
      commit: release,
      branch: 'release/1.x',
    });
    expect(await resolve('refs/heads/trunk')).toMatchObject({ commit: second });
    expect(await resolve('v1')).toMatchObject({ commit: first });
    expect(await resolve('v2')).toMatchObject({ commit: second });
    expect(await resolve(first)).toMatchObject({ commit: first });
    expect(await resolve(first.slice(0, 9).toUpperCase())).toMatchObject({ commit: first });
  });

  it('refuses what lies on no registered branch', async () => {
    const first = commitFiles(bare, { branch: 'trunk', files: { a: '1' } });
    commitFiles(bare, { branch: 'feature', parent: first, files: { a: '2' } });
    expect(await reasonOf('feature')).toBe('commit-not-on-branch');
  });

  it('knows of no commit in an empty repository', async () => {
    expect(await reasonOf(undefined)).toBe('ref-not-found');
  });

  it.each([
    '--upload-pack=touch ran',
    '--output=ran',
    '../..',
    'a..b',
    'trunk^{/x}',
    'refs/heads/*',
    '*',
    'tr?nk',
    '$(touch ran)',
    '`touch ran`',
    '@everyone',
    'HEAD:a',
    'deadbeef',
    '',
    ' ',
    'x'.repeat(6_000),
    'a\0b',
    'a\nb',
  ])('finds nothing at %j and runs nothing', async (ref) => {
    commitFiles(bare, { branch: 'trunk', files: { a: '1' } });
    expect(await reasonOf(ref)).toBe('ref-not-found');
    expect(existsSync('ran')).toBe(false);
  });
});

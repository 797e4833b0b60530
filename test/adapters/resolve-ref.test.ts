import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import type { ResolvedCommit } from '../../src/ports/git.ts';
import { type GitWorld, id, never, reasonOf, slug, startGitWorld } from './git-world.ts';

let world: GitWorld;

beforeEach(async () => {
  world = await startGitWorld({ defaultBranch: 'trunk' });
});
afterEach(async () => world.stop());

async function resolve(ref?: string, branches: readonly string[] = []): Promise<ResolvedCommit> {
  return world.source().resolve({ id, slug, ref, branches }, never);
}

describe('resolving a ref that a person typed', () => {
  it('returns the head of the default branch when nothing was typed, also after the branch moved', async () => {
    const first = world.commit({ branch: 'trunk', files: { a: '1' } });
    expect(await resolve()).toMatchObject({ commit: first, branch: 'trunk', isDefaultBranch: true });
    const second = world.commit({ branch: 'trunk', files: { a: '2' } });
    expect(await resolve()).toMatchObject({ commit: second });
    world.host.clearRequests();
    expect(await resolve()).toMatchObject({ commit: second });
    // A head that the mirror knows costs one request for the refs and no fetch.
    expect(world.host.requests()).toHaveLength(1);
  });

  it('accepts a branch, a plain tag, an annotated tag, a commit and its first digits', async () => {
    const first = world.commit({ branch: 'trunk', files: { a: '1' } });
    const second = world.commit({ branch: 'trunk', files: { a: '2' } });
    const release = world.commit({ branch: 'release/1.x', parent: first, files: { a: '3' } });
    gitSync(['-C', world.bare, 'tag', 'v1', first]);
    gitSync([
      '-C',
      world.bare,
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@b',
      'tag',
      '-a',
      '-m',
      'x',
      'v2',
      second,
    ]);
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

  it('refuses a commit that is on no registered branch', async () => {
    const first = world.commit({ branch: 'trunk', files: { a: '1' } });
    world.commit({ branch: 'feature', parent: first, files: { a: '2' } });
    expect(await reasonOf(resolve('feature'))).toBe('commit-not-on-branch');
  });

  it('finds no commit in an empty repository', async () => {
    expect(await reasonOf(resolve(undefined))).toBe('ref-not-found');
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
  ])('finds nothing for %j and runs nothing', async (ref) => {
    world.commit({ branch: 'trunk', files: { a: '1' } });
    expect(await reasonOf(resolve(ref))).toBe('ref-not-found');
    expect(existsSync('ran')).toBe(false);
  });
});

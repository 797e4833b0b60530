import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitSync } from '../../../sandbox/git-sync.ts';
import { commitFiles, type TreeFiles } from '../../../sandbox/unity-repository.ts';
import type { CommitSha } from '../../../src/domain/repository/repository.ts';
import type { FileToCommit } from '../../../src/ports/github.ts';
import {
  commitToOwnBranch,
  type OwnBranchDeps,
  type OwnCommitRequest,
} from '../../../src/publisher/commit/own-branch.ts';
import { type RegistrationWorld, signal, startRegistrationWorld } from '../github/registration-world.ts';

let world: RegistrationWorld;
let base: CommitSha;

beforeEach(async () => {
  world = await startRegistrationWorld();
  base = gitSync(['-C', bare(), 'rev-parse', 'main']) as CommitSha;
});
afterEach(async () => world.stop());

const branch = 'upm-fix/com.studio.tool-1234567';
const bare = (): string => world.fixture.github.repository(world.fixture.slug).bare;
const tip = (): string => gitSync(['-C', bare(), 'rev-parse', branch]);
const push = (files: TreeFiles): string => commitFiles(bare(), { branch, files });
const file = (path: string, text: string): FileToCommit => ({
  path,
  content: new TextEncoder().encode(text),
});

const wanted = [file('Runtime/New.cs.meta', 'guid: 1\n'), { path: 'README.md.meta', content: undefined }];

async function write(changes: Partial<OwnCommitRequest> = {}, deps: OwnBranchDeps = world.deps) {
  const request: OwnCommitRequest = {
    repositoryId: world.repository.id,
    slug: world.repository.slug,
    branch,
    base,
    restart: false,
    filesOn: async (at) => (at === base ? wanted : []),
    headline: 'fix: repair com.studio.tool',
    body: '',
    ...changes,
  };
  return commitToOwnBranch(deps, request, signal);
}

/** Ends as a process that is killed before it can record its commit. */
async function writeAndDie(): Promise<void> {
  const wrote = async () => Promise.reject(new Error('killed'));
  const ownBranches = { ...world.store.ownBranches, wrote };
  await expect(write({}, { ...world.deps, ownBranches })).rejects.toThrow('killed');
}

describe('a branch of ours', () => {
  it('has one commit with exactly what was asked for, even when asked twice', async () => {
    const first = await write();
    expect(first).toEqual({ kind: 'written', commit: tip() });
    expect(await write()).toEqual(first);
    expect(gitSync(['-C', bare(), 'diff', '--name-status', base, branch]).split('\n')).toEqual([
      'D\tREADME.md.meta',
      'A\tRuntime/New.cs.meta',
    ]);
  });

  it('is recognized by its contents when a crash came before its commit was recorded', async () => {
    await writeAndDie();
    const left = tip();
    expect(await write()).toEqual({ kind: 'written', commit: left });
    expect(await world.store.ownBranches.find(world.repository.id, branch)).toMatchObject({ commit: left });
  });

  it('is completed when the crash came before its commit, or before the branch existed', async () => {
    await world.store.ownBranches.begin(world.repository.id, branch, base);
    expect(await write()).toMatchObject({ kind: 'written' });
  });

  it('is left alone when it contains anything but our commit', async () => {
    const ours = { 'Runtime/New.cs.meta': 'guid: 1\n' };
    const remove = ['README.md.meta'];
    const theirs: Readonly<Record<string, readonly (readonly [TreeFiles, readonly string[]])[]>> = {
      'one more file': [[{ ...ours, 'Editor/Extra.cs': '//\n' }, remove]],
      'another content': [[{ 'Runtime/New.cs.meta': 'guid: 2\n' }, remove]],
      'one file less': [[ours, ['README.md', ...remove]]],
      'an executable': [[{ 'Runtime/New.cs.meta': { executable: 'guid: 1\n' } }, remove]],
      'a link': [[{ 'Runtime/New.cs.meta': { symlink: 'guid: 1\n' } }, remove]],
      'two commits that come to the same': [
        [{ 'Editor/Extra.cs': '//\n' }, []],
        [ours, ['Editor/Extra.cs', ...remove]],
      ],
    };
    for (const [what, commits] of Object.entries(theirs)) {
      const at = `upm-fix/${what.replaceAll(' ', '-')}`;
      await world.store.ownBranches.begin(world.repository.id, at, base);
      gitSync(['-C', bare(), 'branch', at, base]);
      for (const [files, gone] of commits) commitFiles(bare(), { branch: at, files, remove: gone });
      const left = gitSync(['-C', bare(), 'rev-parse', at]);
      expect(await write({ branch: at, restart: true }), what).toMatchObject({ kind: 'foreign' });
      expect(gitSync(['-C', bare(), 'rev-parse', at]), what).toBe(left);
    }
  });

  it('is left alone after somebody else added to it, until it is deleted', async () => {
    await write();
    push({ 'Editor/Extra.cs': '//\n' });
    expect(await write()).toMatchObject({
      kind: 'foreign',
      detail: expect.stringContaining(tip().slice(0, 7)),
    });
    gitSync(['-C', bare(), 'branch', '-D', branch]);
    expect(await write()).toMatchObject({ kind: 'written' });
    expect(gitSync(['-C', bare(), 'ls-tree', '-r', '--name-only', branch])).not.toContain('Extra.cs');
  });

  it('restarts at a later commit only when it may', async () => {
    await write();
    const later = world.fixture.push({ files: { 'Runtime/Later.cs': '//\n' } });
    const filesOn = async (at: CommitSha) => (at === later ? wanted : []);
    const again = await write({ base: later, restart: true, filesOn });
    expect(again).toEqual({ kind: 'written', commit: tip() });
    expect(gitSync(['-C', bare(), 'rev-parse', `${branch}^`])).toBe(later);
  });
});

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { outcomesOf, packageOf } from '../world/report-reading.ts';
import { filesOf } from '../world/tarballs.ts';
import { type HostileWorld, startHostileWorld } from './hostile-world.ts';

const repositories = ['climb', 'dotgit', 'slash', 'twice', 'clash', 'crowd', 'odd', 'option'];
const slugOf = (word: string): string => `studio/tree-${word}`;
let hostile: HostileWorld;

beforeAll(async () => {
  hostile = await startHostileWorld(repositories.map(slugOf));
});

afterAll(async () => hostile.stop());

interface TreeEntry {
  readonly mode: '100644' | '120000' | '40000';
  readonly name: string;
  readonly oid: string;
}

function bareOf(word: string): string {
  return join(hostile.world.folder, 'git', `${slugOf(word)}.git`);
}

function blob(bare: string, text: string): string {
  return gitSync(['-C', bare, 'hash-object', '-w', '--stdin'], text);
}

/** Writes a tree as no git client would make it. */
function tree(bare: string, entries: readonly TreeEntry[]): string {
  const parts = entries.flatMap(({ mode, name, oid }) => [
    Buffer.from(`${mode} ${name}\0`),
    Buffer.from(oid, 'hex'),
  ]);
  return gitSync(
    ['-C', bare, 'hash-object', '-t', 'tree', '-w', '--literally', '--stdin'],
    Buffer.concat(parts),
  );
}

/** Makes a commit on main whose package folder `Packages/x` has these entries besides its own files. */
function commitWith(word: string, build: (bare: string) => readonly TreeEntry[]): string {
  const bare = bareOf(word);
  const files = unityPackage(`com.studio.tree.${word}`, '1.0.0');
  const base = hostile.world.push({ files }, slugOf(word));
  const own = gitSync(['-C', bare, 'ls-tree', base])
    .split('\n')
    .map((line): TreeEntry => {
      const [, mode = '', oid = '', name = ''] = /^(\d+) \w+ (\w+)\t(.*)$/.exec(line) ?? [];
      return { mode: mode === '040000' ? '40000' : '100644', oid, name };
    });
  const inner = tree(bare, [...own, ...build(bare)]);
  const folder = tree(bare, [{ mode: '40000', name: 'x', oid: inner }]);
  const root = tree(bare, [{ mode: '40000', name: 'Packages', oid: folder }]);
  const who = ['-c', 'user.name=Eve', '-c', 'user.email=eve@studio.test'];
  const commit = gitSync(['-C', bare, ...who, 'commit-tree', root, '-p', base, '-m', 'Evil']);
  gitSync(['-C', bare, 'update-ref', 'refs/heads/main', commit]);
  return commit;
}

/** What an attacker gains: files written outside of the package’s folder, or a process that runs out of memory. */
describe('a tree that no git client would write', () => {
  it('with `..` writes nothing outside of the package’s own folder', async () => {
    const commit = commitWith('climb', (bare) => {
      const evil = tree(bare, [{ mode: '100644', name: 'evil.txt', oid: blob(bare, 'evil') }]);
      const up = tree(bare, [{ mode: '40000', name: '..', oid: evil }]);
      return [{ mode: '40000', name: '..', oid: up }];
    });
    const job = await hostile.attackWith(commit, slugOf('climb'));
    const item = packageOf(job, 'com.studio.tree.climb');
    expect(item).toMatchObject({ outcome: 'failed', reason: 'pack-failed' });
    expect(item.title).toContain('"../../evil.txt" is not a usable file name');
  });

  it('with `.git` in a package is published without it', async () => {
    const commit = commitWith('dotgit', (bare) => {
      const config = blob(bare, `[core]\n\tfsmonitor = touch ${hostile.marker}\n`);
      const git = tree(bare, [
        { mode: '100644', name: 'HEAD', oid: blob(bare, 'ref: refs/heads/main\n') },
        { mode: '100644', name: 'config', oid: config },
      ]);
      return [{ mode: '40000', name: '.git', oid: git }];
    });
    const job = await hostile.attackWith(commit, slugOf('dotgit'));
    expect(packageOf(job, 'com.studio.tree.dotgit').outcome).toBe('published');
    const packed = await filesOf(hostile.world, 'com.studio.tree.dotgit');
    expect(packed.filter((path) => path.includes('.git'))).toEqual([]);
  });

  it('with a path instead of a name fails its package by that name', async () => {
    const commit = commitWith('slash', (bare) => [
      { mode: '100644', name: '/etc/evil~', oid: blob(bare, 'evil') },
      { mode: '100644', name: '../../../evil~', oid: blob(bare, 'evil') },
    ]);
    const job = await hostile.attackWith(commit, slugOf('slash'));
    const item = packageOf(job, 'com.studio.tree.slash');
    expect(item).toMatchObject({ outcome: 'failed', reason: 'pack-failed' });
    expect(item.title).toContain('"/etc/evil~" is not a usable file name');
  });

  it('with one name for two files, or for a file and a folder, fails its package with a reason', async () => {
    const twice = commitWith('twice', (bare) => [
      { mode: '100644', name: 'a~', oid: blob(bare, 'one') },
      { mode: '100644', name: 'a~', oid: blob(bare, 'two') },
    ]);
    const first = packageOf(await hostile.attackWith(twice, slugOf('twice')), 'com.studio.tree.twice');
    expect(first).toMatchObject({ outcome: 'failed', reason: 'pack-failed' });
    const clash = commitWith('clash', (bare) => [
      { mode: '100644', name: 'b~', oid: blob(bare, 'file') },
      { mode: '40000', name: 'b~', oid: tree(bare, [{ mode: '100644', name: 'c', oid: blob(bare, 'in') }]) },
    ]);
    const second = packageOf(await hostile.attackWith(clash, slugOf('clash')), 'com.studio.tree.clash');
    expect(second).toMatchObject({ outcome: 'failed', reason: 'pack-failed' });
  });

  it('in which a link and a folder have the same name writes nothing through the link', async () => {
    const commit = commitWith('odd', (bare) => [
      { mode: '120000', name: '.z', oid: blob(bare, hostile.hostFolder) },
      { mode: '40000', name: '.z', oid: tree(bare, [{ mode: '100644', name: 'y', oid: blob(bare, 'in') }]) },
    ]);
    const job = await hostile.attackWith(commit, slugOf('odd'));
    expect(outcomesOf(job)).toEqual({ 'com.studio.tree.odd': 'published' });
    expect(await filesOf(hostile.world, 'com.studio.tree.odd')).toContain('.z/y');
  });

  it('of more than 200,000 files is refused before anything of it is read', async () => {
    const word = 'crowd';
    const bare = bareOf(word);
    const base = hostile.world.push({ files: unityPackage('com.studio.tree.crowd', '1.0.0') }, slugOf(word));
    const oid = blob(bare, 'x');
    const thousand = Array.from({ length: 1000 }, (_, index) => `f${String(index).padStart(4, '0')}`);
    const leaf = tree(
      bare,
      thousand.map((name) => ({ mode: '100644' as const, name, oid })),
    );
    const node = tree(
      bare,
      thousand.map((name) => ({ mode: '40000' as const, name, oid: leaf })),
    );
    const bomb = tree(
      bare,
      thousand.map((name) => ({ mode: '40000' as const, name, oid: node })),
    );
    const who = ['-c', 'user.name=Eve', '-c', 'user.email=eve@studio.test'];
    const commit = gitSync(['-C', bare, ...who, 'commit-tree', bomb, '-p', base, '-m', 'Bomb']);
    gitSync(['-C', bare, 'update-ref', 'refs/heads/main', commit]);
    const job = await hostile.attackWith(commit, slugOf(word));
    expect(job.failure).toMatchObject({
      reason: 'repository-too-large',
      title: 'The commit is too large to read safely: more than 200000 files',
    });
  });
});

/** What an attacker gains: their own options and commands in our git. */
describe('the texts of a commit', () => {
  it('are never taken for options or commands: branch, author, message and path', async () => {
    const evil = `--upload-pack=touch ${hostile.marker}`;
    const files: TreeFiles = unityPackage('com.studio.words', '1.0.0', { folder: '--output=x' });
    const commit = hostile.world.push(
      {
        files,
        message: `$(touch ${hostile.marker})\n\u001b[2J@everyone`,
        author: `\`touch ${hostile.marker}\``,
      },
      slugOf('option'),
    );
    const { id } = await hostile.world.dispatch(commit, {
      repository: slugOf('option'),
      branch: evil,
      package_path: '--output=x',
      commit_author: evil,
      commit_message: `; touch ${hostile.marker}`,
    });
    expect(packageOf(await hostile.world.finished(id), 'com.studio.words').outcome).toBe('published');
    await hostile.attackWith(commit, slugOf('option'));
  });
});

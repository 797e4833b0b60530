import { readdirSync, rmSync, statSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import type { HostKind } from '../../sandbox/host-kind.ts';
import { noise, unityPackage } from '../../sandbox/unity-repository.ts';
import type { CommitSha } from '../../src/domain/repository/repository.ts';
import { itReadsEverything, makeShallow, rarerHosts } from './git-hosts.ts';
import { type GitWorld, id, never, reasonOf, slug, startGitWorld } from './git-world.ts';

let opened: GitWorld | undefined;

afterEach(async () => {
  await opened?.stop();
  opened = undefined;
});

async function start(kind: HostKind, defaultBranch = 'main'): Promise<GitWorld> {
  opened = await startGitWorld({ kind, defaultBranch });
  return opened;
}

const branchesOnly: HostKind = { protocol: 0, wants: 'branches' };

describe('a git host', () => {
  itReadsEverything(rarerHosts);

  it('provides the rest of its history once it is no longer shallow', async () => {
    const world = await start({});
    const shas = ['1', '2', '3'].map((text) => world.commit({ files: { a: text } }));
    const [first, second, third] = shas as [CommitSha, CommitSha, CommitSha];
    const whole = join(world.root, 'whole.git');
    gitSync(['clone', '--quiet', '--bare', '--no-local', world.bare, whole]);
    await makeShallow(world, shas);
    await world.locate(third);
    expect(await world.source().findNearestAncestor(id, third, [first], never)).toBeUndefined();
    gitSync(['-C', world.bare, 'fetch', '--quiet', '--unshallow', whole, 'main']);
    await world.host.tidy(slug);
    const fourth = world.commit({ files: { a: '4' } });
    await world.locate(fourth);
    expect(await world.source().findNearestAncestor(id, fourth, [first], never)).toBe(first);
    expect(await world.source().findNearestAncestor(id, fourth, [second, first], never)).toBe(second);
  });

  it('that serves no object by its id is asked for all contents once, and later fetches bring them along', async () => {
    const world = await start(branchesOnly);
    const first = world.commit({ files: unityPackage('com.studio.a', '1.0.0') });
    await world.locate(first);
    await world.stage(first);
    await world.reopen();
    const second = world.commit({
      files: { ...unityPackage('com.studio.a', '1.0.3'), big: noise('big', 3_000_000) },
    });
    await world.locate(second);
    world.host.clearRequests();
    await world.stage(second);
    expect(world.host.requests()).toEqual([]);
  });

  it('that serves no object by its id and is too large fails with that reason, and the mirror stays', async () => {
    const world = await start(branchesOnly);
    const sha = world.commit({ files: { small: 'x', big: noise('big', 3_000_000) } });
    await world.reopen({ maxFetchBytes: 1_000_000 });
    await world.locate(sha);
    const { ino } = statSync(world.mirror);
    expect(await reasonOf(world.stage(sha))).toBe('repository-too-large');
    expect(await reasonOf(world.stage(sha))).toBe('repository-too-large');
    expect(statSync(world.mirror).ino).toBe(ino);
    expect(await world.locate(sha)).toMatchObject({ branch: 'main' });
  });

  it('that lost an object costs the mirror once at most, and the failure says what is missing', async () => {
    const world = await start({ objects: 'loose' });
    const good = world.commit({ files: { a: 'kept' } });
    const bad = world.commit({ files: { a: 'kept', b: 'lost' } });
    const oid = gitSync(['-C', world.bare, 'rev-parse', `${bad}:b`]);
    rmSync(join(world.bare, 'objects', oid.slice(0, 2), oid.slice(2)));
    const inodes = new Set<number>();
    for (let attempt = 1; attempt <= 5; attempt++) {
      await world.locate(bad);
      expect(await reasonOf(world.stage(bad))).toBe('fetch-failed');
      inodes.add(statSync(world.mirror).ino);
    }
    expect(inodes.size).toBe(1);
    await world.locate(good);
    expect((await world.source().listTree(id, good, never)).map(({ path }) => path)).toEqual(['a']);
    await world.stage(good);
  });

  it('whose branch cannot be fetched any more leaves the mirror readable', async () => {
    const world = await start({ objects: 'loose' });
    const good = world.commit({ files: { a: '1' } });
    await world.locate(good);
    await world.stage(good);
    const { ino } = statSync(world.mirror);
    const bad = world.commit({ files: { 'sub/a': '2' } });
    const tree = gitSync(['-C', world.bare, 'rev-parse', `${bad}:sub`]);
    rmSync(join(world.bare, 'objects', tree.slice(0, 2), tree.slice(2)));
    for (let attempt = 1; attempt <= 2; attempt++)
      expect(await reasonOf(world.locate(bad))).toBe('fetch-failed');
    expect(statSync(world.mirror).ino).toBe(ino);
    await world.stage(good);
  });

  it('is asked for the files again when the mirror’s index is gone, even if it serves no object by its id', async () => {
    const world = await start(branchesOnly);
    const sha = world.commit({ files: unityPackage('com.studio.a', '1.0.0') });
    await world.locate(sha);
    await world.stage(sha);
    const packs = join(world.mirror, 'objects', 'pack');
    for (const name of readdirSync(packs).filter((file) => file.endsWith('.idx'))) {
      await chmod(join(packs, name), 0o644);
      await rm(join(packs, name));
    }
    await world.reopen();
    const attempts: string[] = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      attempts.push(await reasonOf(world.locate(sha).then(async () => world.stage(sha))));
    }
    expect(attempts.at(-1)).toBe('no error');
  });
});

describe('a repository without a usable HEAD', () => {
  it.each<[string, HostKind, string]>([
    ['names a branch that nobody pushed', {}, 'trunk'],
    ['names a branch that nobody pushed, over v0', { protocol: 0 }, 'trunk'],
    ['is hidden', { config: '[uploadpack]\n\thideRefs = HEAD\n' }, 'main'],
  ])('because it %s publishes from the branches that are configured', async (_, kind, defaultBranch) => {
    const world = await start(kind, defaultBranch);
    const sha = world.commit({ files: { a: '1' } });
    expect(await world.locate(sha, ['main'])).toMatchObject({ branch: 'main' });
    await world.stage(sha);
    expect((await world.source().listHeads(slug, ['main'], never)).heads).toEqual(new Map([['main', sha]]));
    const next = world.commit({ files: { a: '2' } });
    expect(await world.locate(next, ['main'])).toMatchObject({ branch: 'main' });
    expect(await reasonOf(world.locate(world.commit({ files: { a: '3' } })))).toBe('commit-not-on-branch');
  });
});

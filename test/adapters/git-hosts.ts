import { readdirSync, statSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import type { HostKind } from '../../sandbox/host-kind.ts';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import type { CommitSha } from '../../src/domain/repository/repository.ts';
import { type GitWorld, id, never, reasonOf, slug, startGitWorld } from './git-world.ts';

/** A kind of git host, and how it answers for a commit on a branch that does not publish. */
export interface HostCase extends HostKind {
  /** Runs after the first pushes and before the first read. */
  readonly prepare?: (world: GitWorld, commits: readonly CommitSha[]) => Promise<void> | void;
  /** Index of the oldest commit that the host still provides. */
  readonly oldest?: number;
  /**
   * Expected reason for a commit that is on none of the fetched branches, when the host serves no object by its id.
   */
  readonly elsewhere?: 'commit-not-found';
}

const packageFiles = (version: string, files: TreeFiles = {}): TreeFiles => ({
  ...unityPackage('com.studio.a', version, {
    folder: 'a',
    files: { 'Runtime/New.cs': `// ${version}\n`, ...files },
  }),
  ...unityPackage('com.studio.b', '1.0.0', { folder: 'b' }),
});

const withoutFilter = (allowed: readonly string[]): string =>
  `[uploadpackfilter]\n\tallow = false\n${allowed.map((name) => `[uploadpackfilter "${name}"]\n\tallow = true\n`).join('')}`;

/** Hosts of every test run: each has its own way to send files or to refuse them. */
export const commonHosts: Readonly<Record<string, HostCase>> = {
  'that git gc has tidied up': {},
  'that knows no partial clones': { filters: false },
  'that speaks protocol v0 only': { protocol: 0 },
  'that speaks protocol v0 and gives nothing by its id': { protocol: 0, wants: 'branches' },
};

export const rarerHosts: Readonly<Record<string, HostCase>> = {
  'with loose objects only': { objects: 'loose' },
  'with a pack of every push': { objects: 'many-packs' },
  'with a commit-graph': { objects: 'commit-graph' },
  'with a bitmap of many packs': { objects: 'multi-pack-bitmap' },
  'that gives nothing by its id as far as v2 knows that': { wants: 'branches' },
  'that speaks v0 and gives by id what a branch ends at': { protocol: 0, wants: 'tips' },
  'that speaks v0 and gives by id what can be reached': { protocol: 0, wants: 'reachable' },
  'that speaks v0, knows no partial clones and gives nothing by its id': {
    protocol: 0,
    wants: 'branches',
    filters: false,
  },
  'that speaks v0, knows no partial clones and holds a bitmap of many packs': {
    protocol: 0,
    filters: false,
    objects: 'multi-pack-bitmap',
  },
  'that speaks v0 and gives nothing by its id, of loose objects': {
    protocol: 0,
    wants: 'branches',
    objects: 'loose',
  },
  'that allows no filter but says that it knows them': { config: withoutFilter([]) },
  'that allows only to leave out all files': { config: withoutFilter(['blob:none']) },
  'that speaks v0, gives nothing by its id, and allows no filter': {
    protocol: 0,
    wants: 'branches',
    config: withoutFilter([]),
  },
  'that hides the refs of pull requests and of the past': {
    config: '[transfer]\n\thideRefs = refs/pull\n[uploadpack]\n\thideRefs = refs/heads/feature\n',
  },
  'that borrows its objects from another repository': { prepare: borrowObjects },
  'that is shallow itself': { prepare: makeShallow, oldest: 1 },
  'that is shallow itself and knows no partial clones': { filters: false, prepare: makeShallow, oldest: 1 },
  'that is shallow itself and speaks v0': { protocol: 0, prepare: makeShallow, oldest: 1 },
};

/** Checks that each host reads like any other, cold and warm, and that no mirror is thrown away. */
export function itReadsEverything(hosts: Readonly<Record<string, HostCase>>): void {
  it.each(Object.entries(hosts))('%s gives commits, history and files, cold and warm', async (_, host) => {
    await expect(readEverything(host)).resolves.toBeUndefined();
  });
}

async function readEverything(host: HostCase): Promise<void> {
  const { prepare, oldest = 0, elsewhere = 'commit-not-on-branch', ...kind } = host;
  const world = await startGitWorld({ kind });
  try {
    const commits = ['1.0.0', '1.0.1', '1.0.2'].map((version) =>
      world.commit({ files: packageFiles(version) }),
    );
    const [first, , third] = commits as [CommitSha, CommitSha, CommitSha];
    await world.host.tidy(slug);
    await prepare?.(world, commits);

    await expectHead(world, third);
    await expectStaged(world, third, packageFiles('1.0.2'));
    const { ino } = statSync(world.mirror);
    await expectHistory(world, commits.slice(oldest), third);

    // Restores earlier contents, which the mirror may or may not have.
    const back = world.commit({ files: { ...packageFiles('1.0.3'), 'a/Runtime/New.cs': '// 1.0.0\n' } });
    await world.host.tidy(slug);
    await expectHead(world, back);
    await expectStaged(world, back, { ...packageFiles('1.0.3'), 'a/Runtime/New.cs': '// 1.0.0\n' });
    expect(await world.source().findNearestAncestor(id, back, [first, third], never)).toBe(third);
    const line = await world.source().listLine(id, back, third, never);
    expect(line.commits.map(({ commit }) => commit)).toEqual([back]);

    await expectBranches(world, elsewhere);
    await expectNothingAsked(world, back);
    expect(statSync(world.mirror).ino).toBe(ino);
  } finally {
    await world.stop();
  }
}

async function expectHead(world: GitWorld, commit: CommitSha): Promise<void> {
  const heads = await world.source().listHeads(slug, [], never);
  expect(heads).toEqual({ defaultBranch: 'main', heads: new Map([['main', commit]]) });
}

async function expectStaged(world: GitWorld, commit: CommitSha, files: TreeFiles): Promise<void> {
  expect(await world.locate(commit)).toMatchObject({ branch: 'main', isDefaultBranch: true });
  await readManifests(world, commit);
  const folder = await world.stage(commit);
  for (const [path, content] of Object.entries(files)) {
    expect(await readFile(join(folder, path), 'utf8'), path).toBe(content);
  }
}

async function readManifests(world: GitWorld, commit: CommitSha): Promise<readonly string[]> {
  const tree = await world.source().listTree(id, commit, never);
  const oids = tree.filter(({ path }) => path.endsWith('/package.json')).map(({ oid }) => oid);
  const contents = await world
    .source()
    .readBlobs(id, slug, oids, { maxBytesEach: 1e6, maxBytesTotal: 1e7 }, never);
  return oids.map((oid) => (JSON.parse(String(contents.get(oid))) as { version: string }).version);
}

/** Reads history as a changelog does: the commits, then the manifests as each commit has them. */
async function expectHistory(world: GitWorld, commits: readonly CommitSha[], head: CommitSha): Promise<void> {
  const { commits: listed } = await world.source().listCommits(id, head, [], never);
  expect(listed.map(({ commit }) => commit).toReversed()).toEqual(commits);
  const before = await Promise.all(commits.map(async (commit) => (await readManifests(world, commit))[0]));
  expect(before).toEqual(['1.0.0', '1.0.1', '1.0.2'].slice(-commits.length));
}

async function expectBranches(world: GitWorld, elsewhere: string): Promise<void> {
  const release = world.commit({ branch: 'release/1.x', files: packageFiles('1.0.4') });
  const feature = world.commit({ branch: 'feature/x', files: packageFiles('2.0.0') });
  gitSync(['-C', world.bare, 'tag', 'v1.0.4', release]);
  const branches = ['release/*'];
  const resolved = await world.source().resolve({ id, slug, ref: 'v1.0.4', branches }, never);
  expect(resolved).toMatchObject({ commit: release, branch: 'release/1.x', isDefaultBranch: false });
  expect((await readManifests(world, release))[0]).toBe('1.0.4');
  expect(await reasonOf(world.locate(feature, branches))).toBe(elsewhere);
  expect(await reasonOf(world.locate('b'.repeat(40) as CommitSha))).toBe('commit-not-found');
}

/** Checks that nothing is requested for a known commit, even after a restart. */
async function expectNothingAsked(world: GitWorld, commit: CommitSha): Promise<void> {
  await world.reopen();
  world.host.clearRequests();
  await world.locate(commit);
  await world.stage(commit);
  expect(world.host.requests()).toEqual([]);
}

/** Makes the repository shallow: its first commit is missing. */
export async function makeShallow({ bare }: GitWorld, [, second]: readonly CommitSha[]): Promise<void> {
  await writeFile(join(bare, 'shallow'), `${second}\n`);
  await rm(join(bare, 'objects', 'info', 'commit-graph'), { force: true });
  gitSync(['-C', bare, 'repack', '-a', '-d', '-q']);
  gitSync(['-C', bare, 'prune', '--expire=now']);
}

async function borrowObjects({ bare, root }: GitWorld): Promise<void> {
  const shared = join(root, 'shared.git');
  gitSync(['clone', '--quiet', '--bare', '--no-local', bare, shared]);
  gitSync(['-C', shared, 'repack', '-a', '-d', '-b', '-q']);
  for (const name of readdirSync(join(bare, 'objects'))) {
    await rm(join(bare, 'objects', name), { recursive: true });
  }
  await mkdir(join(bare, 'objects', 'info'), { recursive: true });
  await writeFile(join(bare, 'objects', 'info', 'alternates'), `${join(shared, 'objects')}\n`);
}

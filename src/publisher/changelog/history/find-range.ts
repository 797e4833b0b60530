import { type HistoryCommit, isOwnCommit } from '../../../domain/changelog/changelog.ts';
import type { CommitSha } from '../../../domain/repository/repository.ts';
import type { CommitGraph } from './commit-graph.ts';
import { followPackage, isInside, type Stay, touchesPackage } from './package-trail.ts';
import { readRevert } from './read-revert.ts';
import { buildSameChange, type PackageChange, type PackageCommit } from './same-change.ts';
import { settleReverts } from './settle-reverts.ts';

/** A package of the commit that is to be published. */
export interface RangeSubject {
  /** Its folder at the head. */
  readonly folder: string;
  /** Folders of all packages of the commit: a file in one of them belongs to that package. */
  readonly folders: readonly string[];
  /** Published versions below the new one, highest first. */
  readonly published: readonly string[];
  /** Commits that published some of these versions, by version, as far as they are known. */
  readonly publishedFrom: ReadonlyMap<string, CommitSha>;
  /** Commits that some of these versions build on and the head does not, by version. */
  readonly beside: ReadonlyMap<string, Beside>;
}

/** A version that was published from another branch. */
export interface Beside {
  /** Commits of that branch, newest first. */
  readonly commits: readonly HistoryCommit[];
  /** Folder of the package on that branch. */
  readonly folder: string;
}

/** One change of the manifest: what it said before and after. */
export interface ManifestChange {
  readonly commit: string;
  readonly before: ManifestFacts | undefined;
  readonly after: ManifestFacts | undefined;
}

export interface ManifestFacts {
  readonly version: string | undefined;
  /** Hash of everything but the version; if it is equal, nothing else changed. */
  readonly rest: string;
}

export interface Range {
  /** Commits that this version brings, newest first. */
  readonly commits: readonly HistoryCommit[];
  /** The version that it continues; undefined when the range is everything that is known. */
  readonly since: string | undefined;
  /** True when something ships in other words or bytes than before, whether or not a commit describes it. */
  readonly isChanged: boolean;
}

/**
 * Finds the commits that changed a package since its last published version, without reverted commits, commits that
 * were published from another branch, bots and mere version bumps.
 */
export function findRange(
  graph: CommitGraph,
  subject: RangeSubject,
  manifests: readonly ManifestChange[],
  slug: string,
): Range {
  const stays = followPackage(graph, subject.folder);
  const base = findBase(graph, subject, manifests);
  const published = listPublished(graph, subject, base);
  const isNested = nestingOf(subject);
  const bumps = new Set(manifests.filter(isBump).map((change) => change.commit));
  const isSame = base?.beside === undefined ? () => false : findSame(base.beside, isNested);
  const own = (commit: HistoryCommit): readonly PackageChange[] => listChanges(commit, stays, isNested);
  const touching = graph.commits.filter(
    (commit) =>
      !published.has(commit.commit) &&
      touchesPackage(graph, stays, commit, isNested) &&
      !isSame({ commit, changes: own(commit).filter(isOfPackage) }),
  );
  const left = settleReverts(touching, { graph, slug }).filter(
    (commit) => !isOwnCommit(commit) && !isMereBump(own(commit), bumps.has(commit.commit)),
  );
  const commits = left.filter((commit) => !isByBot(commit) || readRevert(commit) !== undefined);
  return { commits, since: base?.version, isChanged: left.length > 0 };
}

/** Returns all listed commits that the versions below were made of. */
function listPublished(
  graph: CommitGraph,
  { beside, publishedFrom }: RangeSubject,
  base: Base | undefined,
): ReadonlySet<string> {
  const starts = [...publishedFrom.values(), ...(base === undefined ? [] : [base.commit])];
  const forks = [...beside.values()].flatMap(({ commits }) => commits.flatMap(({ parents }) => parents));
  return new Set([...starts, ...forks].flatMap((commit) => [...graph.ancestorsOf(commit)]));
}

function findSame(
  { commits, folder }: Beside,
  isNested: (path: string, folder: string) => boolean,
): (candidate: PackageCommit) => boolean {
  const stays = [{ folder, movedBy: undefined }];
  return buildSameChange(
    commits.flatMap((commit) => {
      const changes = listChanges(commit, stays, isNested);
      return changes.length === 0 ? [] : [{ commit, changes: changes.filter(isOfPackage) }];
    }),
  );
}

export interface ManifestEdit {
  readonly commit: string;
  /** Object ids of the manifest's contents. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * Lists the commits that changed the manifest, newest first: these manifests have to be read to judge the commits.
 */
export function listManifestEdits(graph: CommitGraph, folder: string): readonly ManifestEdit[] {
  const files = new Set(
    followPackage(graph, folder).map((stay) =>
      stay.folder === '' ? 'package.json' : `${stay.folder}/package.json`,
    ),
  );
  return graph.commits.flatMap(({ commit, changes }) => {
    const own = changes.filter(({ path }) => files.has(path));
    if (own.length === 0) return [];
    // A move removes the manifest in one place and adds it in another.
    const before = own.find((change) => change.before !== undefined)?.before;
    return [{ commit, before, after: own.find((change) => change.after !== undefined)?.after }];
  });
}

interface Base {
  readonly version: string;
  readonly commit: string;
  readonly beside: Beside | undefined;
}

/**
 * Returns the highest published version that can be found: by our own records, else by the commit in which the
 * manifest began to say it.
 */
function findBase(
  graph: CommitGraph,
  subject: RangeSubject,
  manifests: readonly ManifestChange[],
): Base | undefined {
  const { beside, published, publishedFrom } = subject;
  const introduced = findIntroductions(graph, published, manifests);
  const recorded = (version: string): string | undefined => {
    const commit = publishedFrom.get(version);
    return commit !== undefined && (graph.reaches(commit) || beside.has(version)) ? commit : undefined;
  };
  const isRewritten = !published.some((version) => recorded(version) !== undefined);
  for (const version of published) {
    const from = recorded(version);
    if (from !== undefined) return { version, commit: from, beside: beside.get(version) };
    const commit = introduced.get(version);
    // Published from a branch that is gone: a commit that says the version here only took it over, and an older
    // version is used.
    if (publishedFrom.has(version) && !isRewritten) continue;
    if (commit !== undefined) return { version, commit, beside: undefined };
  }
  return undefined;
}

/**
 * Finds the oldest commit that set each version, but none older than the commit of the published version below: a
 * version may have been set and taken back before it was meant.
 */
function findIntroductions(
  graph: CommitGraph,
  published: readonly string[],
  manifests: readonly ManifestChange[],
): ReadonlyMap<string, string> {
  const order = new Map(graph.commits.map((commit, index) => [commit.commit as string, index]));
  const found = new Map<string, string>();
  let newerThan = Number.POSITIVE_INFINITY;
  for (const version of published.toReversed()) {
    const sets = manifests
      .filter((change) => change.after?.version === version && change.before?.version !== version)
      .map((change) => order.get(change.commit) ?? -1)
      .filter((index) => index >= 0)
      .toSorted((a, b) => b - a);
    const index = sets.find((candidate) => candidate < newerThan) ?? sets[0];
    if (index === undefined) continue;
    newerThan = Math.min(newerThan, index);
    found.set(version, graph.commits[index]?.commit ?? '');
  }
  return found;
}

/**
 * Returns whether a path belongs to another package inside the folder, or to a hidden folder, which does not ship.
 */
function nestingOf(subject: RangeSubject): (path: string, folder: string) => boolean {
  return (path, folder) => {
    const rest = folder === '' ? path : path.slice(folder.length + 1);
    if (rest.split('/').some((part) => part.startsWith('.'))) return true;
    return subject.folders.some(
      (other) =>
        other !== subject.folder && isInside(other, folder) && other !== folder && isInside(path, other),
    );
  };
}

function isByBot(commit: HistoryCommit): boolean {
  return isOwnCommit(commit) || commit.author.endsWith('[bot]') || commit.email.includes('[bot]@');
}

/** Whether the file is part of what the package is made of, apart from the files that each version changes. */
function isOfPackage({ path }: PackageChange): boolean {
  return !/^(?:package\.json|changelog\.md)(?:\.meta)?$/i.test(path);
}

/** Lists a commit's changes by their paths in the package, wherever the package lay. */
function listChanges(
  commit: HistoryCommit,
  stays: readonly Stay[],
  isNested: (path: string, folder: string) => boolean,
): readonly PackageChange[] {
  return stays.flatMap(({ folder }) =>
    commit.changes
      .filter(({ path }) => isInside(path, folder) && !isNested(path, folder))
      .map(({ path, after }) => ({ path: folder === '' ? path : path.slice(folder.length + 1), after })),
  );
}

/** Whether a commit changes only the manifest's version, or the changelog itself. */
function isMereBump(own: readonly PackageChange[], isBumped: boolean): boolean {
  if (own.some(isOfPackage)) return false;
  return isBumped || !own.some(({ path }) => path === 'package.json');
}

function isBump({ before, after }: ManifestChange): boolean {
  return before !== undefined && after !== undefined && before.rest === after.rest;
}

import { type HistoryCommit, isOwnCommit } from '../../../domain/changelog/changelog.ts';
import type { CommitSha } from '../../../domain/repository/repository.ts';
import type { CommitGraph } from './commit-graph.ts';
import { followPackage, isInside, type Stay, touchesPackage } from './package-trail.ts';
import { readRevert } from './read-revert.ts';
import { buildSameChange, type PackageChange, type PackageCommit } from './same-change.ts';
import { settleReverts } from './settle-reverts.ts';

/** A package of the commit that is published. */
export interface RangeSubject {
  /** Its folder at the head. */
  readonly folder: string;
  /** Folders of all packages of the commit: what lies in one of them is that package's. */
  readonly folders: readonly string[];
  /** Published versions below the new one, highest first. */
  readonly published: readonly string[];
  /** Commits that published some of them, by version, as far as we know. */
  readonly publishedFrom: ReadonlyMap<string, CommitSha>;
  /** What some of those commits build on and the head does not, by version. */
  readonly beside: ReadonlyMap<string, Beside>;
}

/** A version that was published from another branch. */
export interface Beside {
  /** Newest first. */
  readonly commits: readonly HistoryCommit[];
  /** Folder of the package there. */
  readonly folder: string;
}

/** One change of the manifest: which version it said before and after. */
export interface ManifestChange {
  readonly commit: string;
  readonly before: ManifestFacts | undefined;
  readonly after: ManifestFacts | undefined;
}

export interface ManifestFacts {
  readonly version: string | undefined;
  /** Everything but the version; equal texts mean that nothing else changed. */
  readonly rest: string;
}

export interface Range {
  /** What this version brings, newest first. */
  readonly commits: readonly HistoryCommit[];
  /** The version that it goes on from; undefined for everything that is known. */
  readonly since: string | undefined;
  /** Something ships in other words or bytes than before, whether a commit tells of it or not. */
  readonly isChanged: boolean;
}

/**
 * The commits that changed a package since its last published version: without those that were taken back, what was
 * published from another branch, bots and mere version bumps.
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

/** All that the versions below were made of, as far as it is listed. */
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
  /** Object ids of its contents. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Commits that changed the manifest, newest first: what has to be read to judge them. */
export function listManifestEdits(graph: CommitGraph, folder: string): readonly ManifestEdit[] {
  const files = new Set(
    followPackage(graph, folder).map((stay) =>
      stay.folder === '' ? 'package.json' : `${stay.folder}/package.json`,
    ),
  );
  return graph.commits.flatMap(({ commit, changes }) => {
    const own = changes.filter(({ path }) => files.has(path));
    if (own.length === 0) return [];
    // A move takes it away in one place and adds it in another.
    const before = own.find((change) => change.before !== undefined)?.before;
    return [{ commit, before, after: own.find((change) => change.after !== undefined)?.after }];
  });
}

interface Base {
  readonly version: string;
  readonly commit: string;
  readonly beside: Beside | undefined;
}

/** The highest published version that can be found: by our own records, else by when the manifest began to say it. */
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
    // Published from a branch that is gone: who says its version here only took it over, and an older one will do.
    if (publishedFrom.has(version) && !isRewritten) continue;
    if (commit !== undefined) return { version, commit, beside: undefined };
  }
  return undefined;
}

/**
 * The oldest commit that set each version, but none older than the one of the published version below it: a version may
 * have been set and taken back before it was meant.
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

/** What lies in a package of its own inside the folder belongs to that one; hidden folders do not ship. */
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

/** What the package is made of, apart from what each version changes. */
function isOfPackage({ path }: PackageChange): boolean {
  return !/^(?:package\.json|changelog\.md)(?:\.meta)?$/i.test(path);
}

/** Paths relative to the package, wherever it lay. */
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

/** Only the manifest's version, or the changelog itself. */
function isMereBump(own: readonly PackageChange[], isBumped: boolean): boolean {
  if (own.some(isOfPackage)) return false;
  return isBumped || !own.some(({ path }) => path === 'package.json');
}

function isBump({ before, after }: ManifestChange): boolean {
  return before !== undefined && after !== undefined && before.rest === after.rest;
}

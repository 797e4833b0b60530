import { type HistoryCommit, isOwnCommit } from '../../domain/changelog.ts';
import type { CommitSha } from '../../domain/repository.ts';
import type { CommitGraph } from './commit-graph.ts';
import { followPackage, isInside, type Stay, touchesPackage } from './package-trail.ts';

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
}

/** The commits that changed a package since its last published version, without bots and mere version bumps. */
export function findRange(
  graph: CommitGraph,
  subject: RangeSubject,
  manifests: readonly ManifestChange[],
): Range {
  const stays = followPackage(graph, subject.folder);
  const base = findBase(graph, subject, manifests);
  const published = base === undefined ? new Set<string>() : graph.ancestorsOf(base.commit);
  const isNested = nestingOf(subject);
  const bumps = new Set(manifests.filter(isBump).map((change) => change.commit));
  const commits = graph.commits.filter(
    (commit) =>
      !published.has(commit.commit) &&
      touchesPackage(graph, stays, commit, isNested) &&
      !isByBot(commit) &&
      !isMereBump(commit, stays, isNested, bumps),
  );
  return { commits, since: base?.version };
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
}

/** The highest published version that can be found: by our own records, else by when the manifest began to say it. */
function findBase(
  graph: CommitGraph,
  subject: RangeSubject,
  manifests: readonly ManifestChange[],
): Base | undefined {
  const introduced = findIntroductions(graph, subject.published, manifests);
  for (const version of subject.published) {
    const recorded = subject.publishedFrom.get(version);
    if (recorded !== undefined && graph.reaches(recorded)) return { version, commit: recorded };
    const commit = introduced.get(version);
    if (commit !== undefined) return { version, commit };
    // Published from a branch beside this one, or its history was rewritten: an older one will do.
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

const beside = /(?:^|\/)(?:package\.json|changelog\.md)(?:\.meta)?$/i;

/** Only the manifest's version, or the changelog itself. */
function isMereBump(
  commit: HistoryCommit,
  stays: readonly Stay[],
  isNested: (path: string, folder: string) => boolean,
  bumps: ReadonlySet<string>,
): boolean {
  const own = commit.changes.filter(({ path }) =>
    stays.some(({ folder }) => isInside(path, folder) && !isNested(path, folder)),
  );
  if (!own.every(({ path }) => beside.test(path))) return false;
  const touchesManifest = own.some(({ path }) => /(?:^|\/)package\.json$/.test(path));
  return !touchesManifest || bumps.has(commit.commit);
}

function isBump({ before, after }: ManifestChange): boolean {
  return before !== undefined && after !== undefined && before.rest === after.rest;
}

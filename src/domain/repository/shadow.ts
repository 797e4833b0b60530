import type { PackedFile, TarballContents } from '../package/tarball.ts';
import type { CommitSha, RepositoryId, Slug } from './repository.ts';

/** A version that a repository in shadow mode would have published. */
export interface ShadowVersion {
  readonly name: string;
  readonly version: string;
  readonly repositoryId: RepositoryId;
  readonly commit: CommitSha;
  readonly job: number;
  readonly distTag: string;
  readonly integrity: string;
  readonly contents: TarballContents;
}

/** A version of a trial that waits for the registry to receive it from elsewhere. */
export interface WaitingVersion extends ShadowVersion {
  readonly id: number;
  readonly slug: Slug;
  /** Epoch milliseconds. */
  readonly recordedAt: number;
  /** Whether it was announced that the registry has not received the version. */
  readonly isOverdue: boolean;
}

/** The first paths of a list, and the length of the whole list; hostile text. */
export interface PathList {
  readonly shown: readonly string[];
  readonly total: number;
}

export interface FileDifferences {
  readonly changed: PathList;
  readonly onlyThere: PathList;
  readonly onlyOurs: PathList;
  /** Top-level fields of package.json that differ; empty when the file is the same or cannot be read. */
  readonly fields: PathList;
}

export type Comparison =
  | { readonly kind: 'identical' }
  /** The same files with the same contents in another archive. */
  | { readonly kind: 'same-files' }
  | { readonly kind: 'different'; readonly differences: FileDifferences }
  /** The tarball that the registry serves cannot be read. */
  | { readonly kind: 'unreadable'; readonly why: string };

/** What became of one version of a trial; announced once. */
export type ShadowFinding =
  | {
      readonly kind: 'compared';
      readonly name: string;
      readonly version: string;
      readonly comparison: Comparison;
      readonly ourTag: string;
      /** Dist-tags that lead to the version on the registry. */
      readonly tags: readonly string[];
      /** Epoch milliseconds; undefined when the registry does not say. */
      readonly receivedAt: number | undefined;
    }
  /** We would have published the version, and nobody did. */
  | {
      readonly kind: 'overdue';
      readonly name: string;
      readonly version: string;
      readonly ourTag: string;
      readonly recordedAt: number;
    }
  /** The registry received the version, and we would not have published it. */
  | {
      readonly kind: 'unexpected';
      readonly name: string;
      readonly version: string;
      readonly receivedAt: number | undefined;
      readonly why: string;
    };

/** How the trial of one repository goes. */
export interface ShadowSummary {
  readonly compared: number;
  /** Compared versions with the same archive, or with the same files in another archive. */
  readonly identical: number;
  readonly differing: number;
  readonly waiting: number;
  /** Waiting versions that have waited longer than the other publisher should need. */
  readonly overdue: number;
  readonly unexpected: number;
}

const pathsShown = 30;
const longestPath = 200;

export function listPaths(paths: readonly string[]): PathList {
  const shown = paths.slice(0, pathsShown).map((path) => path.slice(0, longestPath).toWellFormed());
  return { shown, total: paths.length };
}

/** Compares two packages by their contents; different archives may hold the same contents. Pure. */
export function compareContents(ours: TarballContents, theirs: TarballContents): Comparison {
  const there = byPath(theirs.files);
  const here = byPath(ours.files);
  const changed = [...here.values()]
    .filter(({ path, sha256 }) => there.has(path) && there.get(path)?.sha256 !== sha256)
    .map(({ path }) => path);
  const onlyOurs = [...here.keys()].filter((path) => !there.has(path));
  const onlyThere = [...there.keys()].filter((path) => !here.has(path));
  if (changed.length + onlyOurs.length + onlyThere.length === 0) return { kind: 'same-files' };
  const fields = changed.includes('package.json') ? findFields(ours.manifest, theirs.manifest) : [];
  return {
    kind: 'different',
    differences: {
      changed: listPaths(changed.toSorted(manifestFirst)),
      onlyThere: listPaths(onlyThere),
      onlyOurs: listPaths(onlyOurs),
      fields: listPaths(fields),
    },
  };
}

function manifestFirst(one: string, other: string): number {
  return Number(other === 'package.json') - Number(one === 'package.json');
}

function byPath(files: readonly PackedFile[]): ReadonlyMap<string, PackedFile> {
  return new Map(files.map((file) => [file.path, file]));
}

function findFields(ours: string | undefined, theirs: string | undefined): readonly string[] {
  const here = parseFields(ours);
  const there = parseFields(theirs);
  if (here === undefined || there === undefined) return [];
  return [...new Set([...here.keys(), ...there.keys()])]
    .filter((field) => here.get(field) !== there.get(field))
    .toSorted();
}

function parseFields(text: string | undefined): ReadonlyMap<string, string> | undefined {
  try {
    const value: unknown = JSON.parse((text ?? '').replace(/^\uFEFF/, ''));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return new Map(Object.entries(value).map(([field, content]) => [field, JSON.stringify(content)]));
  } catch {
    return undefined;
  }
}

/** How far a version of a trial came; `finding` is set for compared versions only. */
export interface TrialState {
  readonly state: string;
  readonly finding: ShadowFinding | undefined;
}

/**
 * Summarises a trial. `unexpected` counts the versions that the registry received and the trial would not have
 * published.
 */
export function summarizeTrial(versions: readonly TrialState[], unexpected: number): ShadowSummary {
  const findings = versions.flatMap(({ finding }) => (finding === undefined ? [] : [finding]));
  const identical = findings.filter(isSame).length;
  const overdue = versions.filter(({ state }) => state === 'overdue').length;
  return {
    compared: findings.length,
    identical,
    differing: findings.length - identical,
    waiting: overdue + versions.filter(({ state }) => state === 'waiting').length,
    overdue,
    unexpected,
  };
}

function isSame(finding: ShadowFinding): boolean {
  return finding.kind === 'compared' && ['identical', 'same-files'].includes(finding.comparison.kind);
}

import type { ParsedManifest } from '../../domain/package/manifest.ts';
import type { Tree, TreeEntry } from '../../domain/package/tree.ts';
import { breathe } from '../pacing/breathe.ts';

/** A manifest found in a commit, not yet judged. */
export interface Candidate {
  /** Folder of the package; '' for the root. */
  readonly path: string;
  /** Path of its package.json. */
  readonly file: string;
  readonly oid: string;
  readonly isSymlink: boolean;
}

/** A candidate that is to be judged, with what its manifest says. */
export interface Selected {
  readonly candidate: Candidate;
  readonly parsed: ParsedManifest;
  /** The name it had when it could last be read. */
  readonly knownName: string | undefined;
}

/** What a package is called while its name cannot be read. */
export function labelOf(candidate: Candidate): string {
  return candidate.path === '' ? '(root)' : candidate.path;
}

const skippedSegments = new Set(['node_modules', 'Library', 'Temp', 'Logs', 'obj', 'PackageCache']);

/**
 * Returns every package.json of the commit outside hidden, `~` and generated folders, in git's order; at most
 * `limit`.
 */
export function findCandidates(tree: Tree, limit = Number.POSITIVE_INFINITY): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const entry of tree) {
    if (found.length >= limit) break;
    if (entry.path !== 'package.json' && !entry.path.endsWith('/package.json')) continue;
    if (entry.mode === '160000') continue;
    const path = entry.path.slice(0, -'/package.json'.length);
    const folder = entry.path === 'package.json' ? '' : path;
    if (folder.split('/').some(isSkippedSegment)) continue;
    found.push({ path: folder, file: entry.path, oid: entry.oid, isSymlink: entry.mode === '120000' });
  }
  return found;
}

const entriesInSlice = 2_000;

/** Does the same as findCandidates in slices, for a tree that may not be one of packages. */
export async function findCandidatesInSlices(tree: Tree): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for (let from = 0; from < tree.length; from += entriesInSlice) {
    for (const candidate of findCandidates(tree.slice(from, from + entriesInSlice))) found.push(candidate);
    await breathe();
  }
  return found;
}

function isSkippedSegment(segment: string): boolean {
  return segment.startsWith('.') || segment.endsWith('~') || skippedSegments.has(segment);
}

/** The files of a folder ('' is the whole tree). */
export function filesUnder(tree: Tree, folder: string): readonly TreeEntry[] {
  if (folder === '') return tree;
  const prefix = `${folder}/`;
  return tree.filter((entry) => entry.path.startsWith(prefix));
}

/** True when any file of the folder differs between two commits. */
export function folderChanged(before: Tree, after: Tree, folder: string): boolean {
  const a = filesUnder(before, folder);
  const b = filesUnder(after, folder);
  if (a.length !== b.length) return true;
  return a.some((entry, index) => {
    const other = b[index];
    return (
      other === undefined || other.path !== entry.path || other.oid !== entry.oid || other.mode !== entry.mode
    );
  });
}

/** True when the package.json of the folder differs between two commits. */
export function manifestChanged(before: Tree, after: Tree, folder: string): boolean {
  const file = folder === '' ? 'package.json' : `${folder}/package.json`;
  const find = (tree: Tree): TreeEntry | undefined => tree.find((entry) => entry.path === file);
  const [a, b] = [find(before), find(after)];
  return a?.oid !== b?.oid || a?.mode !== b?.mode;
}

import type { Tree } from '../../domain/package/tree.ts';
import type { RepositoryId, Slug } from '../../domain/repository/repository.ts';
import type { RepositorySource } from '../../ports/git.ts';
import type { Candidate } from '../commit/candidates.ts';
import { findBoundedCandidates, readManifests } from '../judge/read-manifests.ts';

interface Where {
  readonly repositoryId: RepositoryId;
  readonly slug: Slug;
}

/**
 * Returns the folder of each expected package by name: the folder where it was seen, or to which it was moved since.
 * The expected folder is undefined when nobody knows it.
 */
export async function findPackageFolders(
  source: Pick<RepositorySource, 'eachBlob'>,
  where: Where,
  tree: Tree,
  expected: ReadonlyMap<string, string | undefined>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const candidates = findBoundedCandidates(tree).filter((candidate) => !candidate.isSymlink);
  const seen = new Set(expected.values());
  const own = candidates.filter(({ path }) => seen.has(path));
  const found = await readNames(source, where, own, expected, signal);
  const isWhole = [...expected.keys()].every((name) => found.has(name));
  // All manifests are read only when a package is not where it was.
  return isWhole ? found : readNames(source, where, candidates, expected, signal);
}

/** Returns the names of all packages of the commit. */
export async function listPackageNames(
  source: Pick<RepositorySource, 'eachBlob'>,
  where: Where,
  tree: Tree,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const candidates = findBoundedCandidates(tree).filter((candidate) => !candidate.isSymlink);
  return new Set((await readNames(source, where, candidates, undefined, signal)).keys());
}

async function readNames(
  source: Pick<RepositorySource, 'eachBlob'>,
  { repositoryId, slug }: Where,
  candidates: readonly Candidate[],
  wanted: ReadonlyMap<string, unknown> | undefined,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const manifests = await readManifests(source, { id: repositoryId, slug }, candidates, signal);
  const folders = new Map<string, string>();
  for (const [path, parsed] of manifests) {
    if (parsed.kind !== 'unity') continue;
    const { name } = parsed.manifest;
    if (wanted === undefined || wanted.has(name)) folders.set(name, path);
  }
  return folders;
}

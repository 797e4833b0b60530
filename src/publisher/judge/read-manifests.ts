import { failure, PublishError } from '../../domain/failure/failure.ts';
import type { ParsedManifest } from '../../domain/package/manifest.ts';
import type { Tree } from '../../domain/package/tree.ts';
import type { Repository } from '../../domain/repository/repository.ts';
import type { BlobLimits, RepositorySource } from '../../ports/git.ts';
import { type Candidate, findCandidates } from '../commit/candidates.ts';
import { readCandidate } from './judge-manifest.ts';

const mebibyte = 1024 * 1024;

/** Most package.json files of one commit; a repository with more is not a repository of packages. */
const manifestsMax = 2_000;
/** Limits of the manifests' contents: once parsed, a hostile manifest takes twenty times its bytes. */
const manifestLimits: BlobLimits = { maxBytesEach: mebibyte / 4, maxBytesTotal: 8 * mebibyte };

/** Lists every candidate of a commit. Throws PublishError repository-too-large. */
export function findBoundedCandidates(tree: Tree): readonly Candidate[] {
  const found = findCandidates(tree, manifestsMax + 1);
  if (found.length <= manifestsMax) return found;
  const detail = `it holds more than ${manifestsMax} package.json files`;
  throw new PublishError(failure('repository-too-large', { detail, of: 'manifests' }));
}

/**
 * Reads and parses the manifests one after the other, and returns them by the candidate's path. Throws PublishError
 * repository-too-large, and what the source throws.
 */
export async function readManifests(
  source: Pick<RepositorySource, 'eachBlob'>,
  { id, slug }: Pick<Repository, 'id' | 'slug'>,
  candidates: readonly Candidate[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ParsedManifest>> {
  const byOid = Map.groupBy(
    candidates.filter((candidate) => !candidate.isSymlink),
    (candidate) => candidate.oid,
  );
  const parsed = new Map(
    candidates.map((candidate) => [candidate.path, readCandidate(candidate, undefined)]),
  );
  const take = (oid: string, bytes: Buffer): void => {
    const [first, ...twins] = byOid.get(oid) ?? [];
    if (first === undefined) return;
    const manifest = readCandidate(first, bytes);
    parsed.set(first.path, manifest);
    for (const twin of twins) parsed.set(twin.path, nameFile(manifest, twin.file));
  };
  try {
    await source.eachBlob(id, slug, [...byOid.keys()], manifestLimits, take, signal);
  } catch (error) {
    throw isTooLarge(error) ? tooLarge() : error;
  }
  return parsed;
}

/**
 * Names the file of a copy in its failure: identical manifests are parsed once, and only the words about what is
 * broken name the file.
 */
function nameFile(manifest: ParsedManifest, file: string): ParsedManifest {
  if (manifest.kind !== 'broken' || manifest.failure.reason !== 'manifest-invalid') return manifest;
  return { ...manifest, failure: failure('manifest-invalid', { ...manifest.failure.facts, file }) };
}

function isTooLarge(error: unknown): boolean {
  return (
    error instanceof PublishError &&
    error.failure.reason === 'repository-too-large' &&
    error.failure.facts.of === 'blobs'
  );
}

function tooLarge(): PublishError {
  const limitMb = manifestLimits.maxBytesTotal / mebibyte;
  const detail = `its package.json files hold more than ${limitMb} MB together`;
  return new PublishError(failure('repository-too-large', { detail, of: 'manifests' }));
}

import { renderFailure } from '../../../domain/failure/failure.ts';
import { shorten } from '../../../domain/job/package-result.ts';
import type { HeadPackage, RepositoryHead } from '../../../domain/package/catalog.ts';
import type { ParsedManifest } from '../../../domain/package/manifest.ts';
import type { Repository } from '../../../domain/repository/repository.ts';
import type { Catalog } from '../../../ports/catalog.ts';
import type { RepositorySource } from '../../../ports/git.ts';
import { type Candidate, labelOf } from '../../commit/candidates.ts';
import { judgeManifest } from '../../judge/judge-manifest.ts';
import type { Looks } from '../../judge/looks.ts';
import { findBoundedCandidates, readManifests } from '../../judge/read-manifests.ts';

export interface HeadDeps {
  readonly source: Pick<RepositorySource, 'resolve' | 'listTree' | 'eachBlob'>;
  readonly catalog: Pick<Catalog, 'findHead' | 'listHeadPackages' | 'saveHead'>;
  readonly looks: Pick<Looks, 'take'>;
}

/**
 * Reads the head of the default branch and saves what changed since the last look: nothing is listed while the head
 * is the same, and only manifests with another object id are read. Throws what the source and Looks throw.
 */
export async function readHead(
  deps: HeadDeps,
  repository: Repository,
  signal: AbortSignal,
): Promise<RepositoryHead> {
  const { id, slug } = repository;
  const { branch, commit } = await deps.source.resolve({ id, slug, ref: undefined, branches: [] }, signal);
  const head: RepositoryHead = { branch, commit };
  const known = await deps.catalog.findHead(id);
  if (known?.commit === commit) {
    await deps.catalog.saveHead(id, head, undefined);
    return head;
  }
  const look = { repository, commit, place: branch, kind: 'catalog' } as const;
  await deps.looks.take(look, async () => readPackages(deps, repository, head, signal), signal);
  return head;
}

async function readPackages(
  deps: HeadDeps,
  repository: Repository,
  head: RepositoryHead,
  signal: AbortSignal,
): Promise<void> {
  const { id } = repository;
  const { commit } = head;
  const candidates = findBoundedCandidates(await deps.source.listTree(id, commit, signal));
  const kept = new Map((await deps.catalog.listHeadPackages(id)).map((item) => [item.path, item]));
  const isKept = ({ path, oid }: Candidate): boolean => kept.get(path)?.manifestOid === oid;
  const changed = candidates.filter((candidate) => !isKept(candidate));
  const manifests = await readManifests(deps.source, repository, changed, signal);
  const packages = candidates.flatMap((candidate): readonly HeadPackage[] => {
    const before = kept.get(candidate.path);
    if (before?.manifestOid === candidate.oid) return [before];
    const parsed = manifests.get(candidate.path);
    return parsed === undefined ? [] : [describePackage(candidate, parsed, before?.name)];
  });
  await deps.catalog.saveHead(id, head, packages);
}

/** Describes a package whatever its name: scopes are judged when the cache is read. */
function describePackage(
  candidate: Candidate,
  parsed: ParsedManifest,
  knownName: string | undefined,
): HeadPackage {
  const version = parsed.kind === 'unity' ? shorten(parsed.manifest.version) : undefined;
  const name =
    parsed.kind === 'unity' ? parsed.manifest.name : (parsed.name ?? knownName ?? labelOf(candidate));
  const result = judgeManifest({ candidate, parsed, knownName }, undefined);
  const failed = result?.failure === undefined ? undefined : renderFailure(result.failure).title;
  return {
    path: candidate.path,
    name: shorten(name),
    version,
    manifestOid: candidate.oid,
    exclusion: failed ?? result?.note,
  };
}

import type { ParsedManifest } from '../../domain/package/manifest.ts';
import type { CandidateSighting } from '../../ports/judgements.ts';
import type { Candidate } from '../commit/candidates.ts';
import type { Run } from '../run/pipeline.ts';
import type { SelectDeps } from './deps.ts';
import { readManifests } from './read-manifests.ts';

export interface ReadManifests {
  /** Manifests by path: those of the picked candidates, and of others whose bytes nobody has read yet. */
  readonly manifests: ReadonlyMap<string, ParsedManifest>;
  /**
   * The package that this commit has in each folder, without those that are no Unity package, private or unreadable.
   */
  readonly sightings: readonly CandidateSighting[];
  /** Sightings that were read now. */
  readonly seen: readonly CandidateSighting[];
}

/** Reads the manifests that are judged, and of the rest those that were not seen with these very bytes before. */
export async function readUnread(
  deps: Pick<SelectDeps, 'source'>,
  run: Run,
  all: readonly Candidate[],
  picked: ReadonlySet<Candidate>,
  known: ReadonlyMap<string, CandidateSighting>,
): Promise<ReadManifests> {
  const isKnown = ({ oid, path }: Candidate): boolean => known.get(path)?.oid === oid;
  const unread = all.filter((candidate) => picked.has(candidate) || !isKnown(candidate));
  const manifests = await readNow(deps, run, unread);
  const seen = listSightings(unread, manifests);
  const isRead = new Set(unread.map(({ path }) => path));
  const kept = all.flatMap(({ path }) => (isRead.has(path) ? [] : (known.get(path) ?? [])));
  return { manifests, sightings: [...kept, ...seen].toSorted(byPath), seen };
}

function byPath(a: CandidateSighting, b: CandidateSighting): number {
  return a.path < b.path ? -1 : 1;
}

/** Reads and parses the manifests of these candidates, and returns them by path. Throws what readManifests throws. */
export async function readNow(
  deps: Pick<SelectDeps, 'source'>,
  run: Run,
  candidates: readonly Candidate[],
): Promise<ReadonlyMap<string, ParsedManifest>> {
  if (candidates.length === 0) return new Map();
  const { repositoryId: id, slug } = run.job;
  return run.stage('read-manifests', undefined, async () =>
    readManifests(deps.source, { id, slug }, candidates, run.signal),
  );
}

/** Returns what is saved about a commit's packages. */
function listSightings(
  read: readonly Candidate[],
  manifests: ReadonlyMap<string, ParsedManifest>,
): readonly CandidateSighting[] {
  return read.flatMap(({ oid, path }) => {
    const parsed = manifests.get(path);
    if (parsed?.kind !== 'unity' || parsed.isPrivate) return [];
    return [{ name: parsed.manifest.name, path, version: parsed.manifest.version, oid }];
  });
}

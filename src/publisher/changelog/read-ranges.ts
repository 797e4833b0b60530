import { createHash } from 'node:crypto';
import type { CommitSha, RepositoryId, Slug } from '../../domain/repository.ts';
import type { CommitHistory } from '../../ports/commit-history.ts';
import type { PublishLedger } from '../../ports/publish-ledger.ts';
import type { BlobLimits, RepositorySource } from '../../ports/repository-source.ts';
import { buildCommitGraph, type CommitGraph } from './commit-graph.ts';
import {
  findRange,
  listManifestEdits,
  type ManifestChange,
  type ManifestEdit,
  type ManifestFacts,
  type Range,
  type RangeSubject,
} from './find-range.ts';

export interface RangeDeps {
  readonly history: CommitHistory;
  readonly source: Pick<RepositorySource, 'eachBlob'>;
  readonly ledger: Pick<PublishLedger, 'listIntents'>;
}

export interface PackageToRange {
  readonly name: string;
  readonly folder: string;
  /** Published versions below the new one, highest first. */
  readonly published: readonly string[];
}

export interface RangesRequest {
  readonly repositoryId: RepositoryId;
  readonly slug: Slug;
  readonly head: CommitSha;
  /** Of all packages of the commit. */
  readonly folders: readonly string[];
  readonly packages: readonly PackageToRange[];
}

export interface Ranges {
  readonly graph: CommitGraph;
  readonly byFolder: ReadonlyMap<string, Range>;
  /** False when the history is too long to be read to the end. */
  readonly isComplete: boolean;
}

/** Versions whose commits are looked up: older ones are only needed when history was rewritten. */
const versionsLookedAt = 50;
const recordsLookedAt = 3;
const editsReadEach = 400;
/** Of all edits of all packages: they are read one after the other, and only what decides is kept. */
const editLimits: BlobLimits = { maxBytesEach: 64 * 1024, maxBytesTotal: 128 * 1024 * 1024 };

/** What each package brings since its last version, for all packages of a commit in one look at its history. */
export async function readRanges(
  deps: RangeDeps,
  request: RangesRequest,
  signal: AbortSignal,
): Promise<Ranges> {
  const subjects = await Promise.all(
    request.packages.map(async ({ name, folder, published }): Promise<RangeSubject> => {
      const versions = published.slice(0, versionsLookedAt);
      const publishedFrom = await findRecords(deps, name, versions);
      return { folder, folders: request.folders, published: versions, publishedFrom };
    }),
  );
  const { graph, isComplete } = await readHistory(deps, request, subjects, signal);
  const edits = new Map(subjects.map((subject) => [subject.folder, listEdits(graph, subject)]));
  const facts = await readFacts(deps, request, [...edits.values()].flat(), signal);
  const byFolder = new Map(
    subjects.map((subject) => {
      const manifests = (edits.get(subject.folder) ?? []).map(
        ({ commit, before, after }): ManifestChange => ({
          commit,
          before: facts.get(before ?? ''),
          after: facts.get(after ?? ''),
        }),
      );
      return [subject.folder, findRange(graph, subject, manifests)];
    }),
  );
  return { graph, byFolder, isComplete };
}

async function findRecords(
  deps: RangeDeps,
  name: string,
  versions: readonly string[],
): Promise<ReadonlyMap<string, CommitSha>> {
  const found = new Map<string, CommitSha>();
  for (const version of versions.slice(0, recordsLookedAt)) {
    const intents = await deps.ledger.listIntents(name, version);
    const stored = intents.find((intent) => intent.state === 'stored');
    if (stored !== undefined) found.set(version, stored.commit);
  }
  return found;
}

/** Back to the oldest of the recorded commits when all have one in this history, else all of it. */
async function readHistory(
  deps: RangeDeps,
  request: RangesRequest,
  subjects: readonly RangeSubject[],
  signal: AbortSignal,
): Promise<{ readonly graph: CommitGraph; readonly isComplete: boolean }> {
  const { repositoryId, head } = request;
  const recorded = subjects.map(({ published, publishedFrom }) => publishedFrom.get(published[0] ?? ''));
  const known = recorded.filter((commit) => commit !== undefined);
  if (known.length === subjects.length) {
    const listed = await deps.history.listCommits(repositoryId, head, known, signal);
    const graph = buildCommitGraph(listed.commits);
    const isReached = known.every((commit) => commit === head || graph.reaches(commit));
    if (isReached) return { graph, isComplete: listed.isComplete };
  }
  const all = await deps.history.listCommits(repositoryId, head, [], signal);
  return { graph: buildCommitGraph(all.commits), isComplete: all.isComplete };
}

/** Only the edits that decide something: none that lie behind a recorded version. */
function listEdits(graph: CommitGraph, subject: RangeSubject): readonly ManifestEdit[] {
  const recorded = subject.publishedFrom.get(subject.published[0] ?? '');
  const edits = listManifestEdits(graph, subject.folder);
  if (recorded === undefined || !graph.reaches(recorded)) return edits.slice(0, editsReadEach);
  const old = graph.ancestorsOf(recorded);
  return edits.filter((edit) => !old.has(edit.commit)).slice(0, editsReadEach);
}

async function readFacts(
  deps: RangeDeps,
  { repositoryId, slug }: RangesRequest,
  edits: readonly ManifestEdit[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ManifestFacts>> {
  const oids = new Set(edits.flatMap(({ before, after }) => [before ?? [], after ?? []].flat()));
  if (oids.size === 0) return new Map();
  const facts = new Map<string, ManifestFacts>();
  const take = (oid: string, bytes: Buffer): void => {
    facts.set(oid, readManifestFacts(bytes));
  };
  await deps.source.eachBlob(repositoryId, slug, [...oids], editLimits, take, signal);
  return facts;
}

function readManifestFacts(bytes: Uint8Array): ManifestFacts {
  const text = new TextDecoder().decode(bytes);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return { version: undefined, rest: hash(text) };
    const { version, ...rest } = value as Readonly<Record<string, unknown>>;
    return { version: typeof version === 'string' ? version : undefined, rest: hash(JSON.stringify(rest)) };
  } catch {
    return { version: undefined, rest: hash(text) };
  }
}

/** It is compared only: thousands of whole manifests are not held for that. */
function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

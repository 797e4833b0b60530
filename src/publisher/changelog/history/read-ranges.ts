import { createHash } from 'node:crypto';
import type { HistoryCommit } from '../../../domain/changelog/changelog.ts';
import type { CommitSha, RepositoryId, Slug } from '../../../domain/repository/repository.ts';
import { readJsonObject } from '../../../domain/text/json-object.ts';
import type { PublishLedger } from '../../../ports/catalog.ts';
import type { BlobLimits, CommitHistory, RepositorySource } from '../../../ports/git.ts';
import { buildCommitGraph, type CommitGraph } from './commit-graph.ts';
import {
  type Beside,
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
  /** Folders of all packages of the commit. */
  readonly folders: readonly string[];
  /**
   * Names of all packages of the commit: if one of them takes another's new version, that is no change of its own.
   */
  readonly names: ReadonlySet<string>;
  readonly packages: readonly PackageToRange[];
}

export interface Ranges {
  readonly graph: CommitGraph;
  readonly byFolder: ReadonlyMap<string, Range>;
  /** False when the history is too long to be read to the end. */
  readonly isComplete: boolean;
}

/** Versions whose commits are looked up; older versions are only needed when history was rewritten. */
const versionsLookedAt = 50;
const recordsLookedAt = 3;
const editsReadEach = 400;
/** Limits of all edits of all packages together: they are read one after the other, and only what decides is kept. */
const editLimits: BlobLimits = { maxBytesEach: 64 * 1024, maxBytesTotal: 128 * 1024 * 1024 };

/**
 * Finds what each package brings since its last version, for all packages of a commit in one pass over its history.
 */
export async function readRanges(
  deps: RangeDeps,
  request: RangesRequest,
  signal: AbortSignal,
): Promise<Ranges> {
  const known = await Promise.all(
    request.packages.map(async ({ name, folder, published }): Promise<Recorded> => {
      const versions = published.slice(0, versionsLookedAt);
      const records = await findRecords(deps, name, versions);
      return { folder, folders: request.folders, published: versions, records };
    }),
  );
  const { graph, isComplete } = await readHistory(deps, request, known, signal);
  const subjects = await readBeside(deps, request, known, graph, signal);
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
      return [subject.folder, findRange(graph, subject, manifests, request.slug)];
    }),
  );
  return { graph, byFolder, isComplete };
}

interface Recorded extends Omit<RangeSubject, 'publishedFrom' | 'beside'> {
  readonly records: ReadonlyMap<string, RecordedCommit>;
}

interface RecordedCommit {
  readonly commit: CommitSha;
  /** Folder of the package at that commit. */
  readonly path: string;
}

async function findRecords(
  deps: RangeDeps,
  name: string,
  versions: readonly string[],
): Promise<ReadonlyMap<string, RecordedCommit>> {
  const found = new Map<string, RecordedCommit>();
  for (const version of versions.slice(0, recordsLookedAt)) {
    const intents = await deps.ledger.listIntents(name, version);
    const stored = intents.find((intent) => intent.state === 'stored');
    if (stored !== undefined) found.set(version, stored);
  }
  return found;
}

/** Reads back to the oldest recorded commit if every package has one in this history, else reads all of it. */
async function readHistory(
  deps: RangeDeps,
  request: RangesRequest,
  subjects: readonly Recorded[],
  signal: AbortSignal,
): Promise<{ readonly graph: CommitGraph; readonly isComplete: boolean }> {
  const { repositoryId, head } = request;
  const recorded = subjects.map(({ published, records }) => records.get(published[0] ?? '')?.commit);
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

/** Reads, for each package, the highest recorded version that the head does not build on. */
async function readBeside(
  deps: RangeDeps,
  { repositoryId, head }: RangesRequest,
  subjects: readonly Recorded[],
  graph: CommitGraph,
  signal: AbortSignal,
): Promise<readonly RangeSubject[]> {
  const read = new Map<string, readonly HistoryCommit[]>();
  const found: RangeSubject[] = [];
  for (const { records, ...subject } of subjects) {
    const publishedFrom = new Map([...records].map(([version, { commit }]) => [version, commit]));
    const [version, record] = [...records].find(([, { commit }]) => !graph.reaches(commit)) ?? [];
    const beside = new Map<string, Beside>();
    if (version !== undefined && record !== undefined) {
      const commits =
        read.get(record.commit) ??
        (await deps.history.listCommits(repositoryId, record.commit, [head], signal)).commits;
      read.set(record.commit, commits);
      // Without a commit in common, history was rewritten from its beginning.
      if (isJoined(commits, graph)) beside.set(version, { commits, folder: record.path });
    }
    found.push({ ...subject, publishedFrom, beside });
  }
  return found;
}

function isJoined(commits: readonly HistoryCommit[], graph: CommitGraph): boolean {
  return commits.some(({ parents }) => parents.some((parent) => graph.reaches(parent)));
}

/** Lists only the edits that decide something: no edits behind a recorded version. */
function listEdits(graph: CommitGraph, subject: RangeSubject): readonly ManifestEdit[] {
  const recorded = subject.publishedFrom.get(subject.published[0] ?? '');
  const edits = listManifestEdits(graph, subject.folder);
  if (recorded === undefined || !graph.reaches(recorded)) return edits.slice(0, editsReadEach);
  const old = graph.ancestorsOf(recorded);
  return edits.filter((edit) => !old.has(edit.commit)).slice(0, editsReadEach);
}

async function readFacts(
  deps: RangeDeps,
  { repositoryId, slug, names }: RangesRequest,
  edits: readonly ManifestEdit[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ManifestFacts>> {
  const oids = new Set(edits.flatMap(({ before, after }) => [before ?? [], after ?? []].flat()));
  if (oids.size === 0) return new Map();
  const facts = new Map<string, ManifestFacts>();
  const take = (oid: string, bytes: Buffer): void => {
    facts.set(oid, readManifestFacts(bytes, names));
  };
  await deps.source.eachBlob(repositoryId, slug, [...oids], editLimits, take, signal);
  return facts;
}

function readManifestFacts(bytes: Uint8Array, names: ReadonlySet<string>): ManifestFacts {
  const text = new TextDecoder().decode(bytes);
  const { version, ...rest } = readJsonObject(text) ?? { rest: text };
  const told = JSON.stringify(rest, (key, value: unknown) =>
    names.has(key) && typeof value === 'string' ? '' : value,
  );
  return { version: typeof version === 'string' ? version : undefined, rest: hash(told) };
}

/** Hashes a text that is only compared, so that thousands of whole manifests are not held for that. */
function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

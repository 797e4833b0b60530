import { parseManifest } from '../../domain/manifest.ts';
import type { CommitSha } from '../../domain/repository.ts';
import type { Tree } from '../../domain/tree.ts';
import type { FileToCommit } from '../../ports/repository-writer.ts';
import type { OwedEntry } from '../../ports/write-backs.ts';
import { findCandidates } from '../candidates.ts';
import { addEntry, changelogMaxBytes, findChangelog, readChangelogFile } from './changelog-file.ts';
import type { WriteBackDeps, WriteBackGroup } from './write-back.ts';

export interface BranchChange {
  readonly files: readonly FileToCommit[];
  /** Entries that the files put in. */
  readonly added: readonly OwedEntry[];
  /** Entries that are there already, or whose changelog is not to be touched. */
  readonly present: readonly OwedEntry[];
  /** Entries whose package is not there any more. */
  readonly gone: readonly OwedEntry[];
}

const manifestMaxBytes = 256 * 1024;

/** What has to change on top of this commit for the entries to be in it. */
export async function buildChange(
  deps: Pick<WriteBackDeps, 'source'>,
  group: WriteBackGroup,
  head: CommitSha,
  signal: AbortSignal,
): Promise<BranchChange> {
  const { repositoryId, slug, branch } = group;
  await deps.source.locate({ id: repositoryId, slug, commit: head, branches: [branch] }, signal);
  const tree = await deps.source.listTree(repositoryId, head, signal);
  const folders = await findFolders(deps, group, tree, signal);
  const places = new Map([...folders].map(([name, folder]) => [name, findChangelog(tree, folder)]));
  const oids = [...places.values()].flatMap((place) => place.entry?.oid ?? []);
  const contents = await deps.source.readBlobs(repositoryId, slug, oids, changelogMaxBytes, signal);
  const texts = new Map<string, string>();
  const added: OwedEntry[] = [];
  const present: OwedEntry[] = [];
  const gone: OwedEntry[] = [];
  for (const owed of group.entries) {
    const place = places.get(owed.entry.name);
    if (place === undefined) {
      gone.push(owed);
      continue;
    }
    const read = readChangelogFile(place, contents.get(place.entry?.oid ?? ''));
    const before = texts.get(place.path) ?? (read.kind === 'text' ? read.text : undefined);
    const files = before === undefined ? [] : addEntry(place, before, owed.entry);
    if (files.length === 0) present.push(owed);
    else added.push(owed);
    const folder = place.path.slice(0, place.path.length - place.file.length);
    for (const { file, content } of files) texts.set(`${folder}${file}`, content);
  }
  const files = [...texts].map(([path, text]) => ({ path, content: new TextEncoder().encode(text) }));
  return { files, added, present, gone };
}

/** Folder by package name: where it was, or where it was moved since. */
async function findFolders(
  deps: Pick<WriteBackDeps, 'source'>,
  group: WriteBackGroup,
  tree: Tree,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const candidates = findCandidates(tree).filter((candidate) => !candidate.isSymlink);
  const expected = new Map(group.entries.map(({ entry }) => [entry.name, entry.path]));
  const own = candidates.filter(({ path }) => [...expected.values()].includes(path));
  const found = await readNames(deps, group, own, signal);
  const isWhole = [...expected.keys()].every((name) => found.has(name));
  // All manifests are read only when a package is not where it was.
  return isWhole ? found : readNames(deps, group, candidates, signal);
}

async function readNames(
  deps: Pick<WriteBackDeps, 'source'>,
  { repositoryId, slug, entries }: WriteBackGroup,
  candidates: ReturnType<typeof findCandidates>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(entries.map(({ entry }) => entry.name));
  const oids = candidates.map(({ oid }) => oid);
  const manifests = await deps.source.readBlobs(repositoryId, slug, oids, manifestMaxBytes, signal);
  const folders = new Map<string, string>();
  for (const { path, file, oid } of candidates) {
    const parsed = parseManifest(manifests.get(oid) ?? new Uint8Array(), file);
    if (parsed.kind === 'unity' && wanted.has(parsed.manifest.name)) folders.set(parsed.manifest.name, path);
  }
  return folders;
}

import type { Tree } from '../../../domain/package/tree.ts';
import type { CommitSha } from '../../../domain/repository/repository.ts';
import type { PendingEntry } from '../../../ports/changelogs.ts';
import type { FileToCommit } from '../../../ports/github.ts';
import { addEntry, blobsOf, changelogLimits, findChangelog, readChangelogFile } from '../changelog-file.ts';
import { findPackageFolders } from '../package-folders.ts';
import type { WriteBackDeps, WriteBackGroup } from './deps.ts';

export interface BranchChange {
  readonly files: readonly FileToCommit[];
  /** Entries that the files put in. */
  readonly added: readonly PendingEntry[];
  /** Entries that are there already. */
  readonly present: readonly PendingEntry[];
  /** Entries whose changelog cannot be written, and why: "CHANGELOG.md is a folder". */
  readonly blocked: readonly { readonly pending: PendingEntry; readonly why: string }[];
  /** Entries whose package is not there any more. */
  readonly gone: readonly PendingEntry[];
}

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
  const oids = blobsOf(places.values());
  const contents = await deps.source.readBlobs(repositoryId, slug, oids, changelogLimits, signal);
  const changed: FileToCommit[] = [];
  const added: PendingEntry[] = [];
  const present: PendingEntry[] = [];
  const blocked: { readonly pending: PendingEntry; readonly why: string }[] = [];
  const gone: PendingEntry[] = [];
  for (const pending of group.entries) {
    const place = places.get(pending.entry.name);
    if (place === undefined) {
      gone.push(pending);
      continue;
    }
    const read = readChangelogFile(place, contents.get(place.entry?.oid ?? ''));
    if (read.kind !== 'text') {
      blocked.push({ pending, why: `${place.file} ${read.why}` });
      continue;
    }
    const files = addEntry(place, read.text, pending.entry);
    if (files.length === 0) present.push(pending);
    else added.push(pending);
    const folder = place.path.slice(0, place.path.length - place.file.length);
    for (const { file, content } of files) {
      changed.push({ path: `${folder}${file}`, content: new TextEncoder().encode(content) });
    }
  }
  return { files: changed, added, present, blocked, gone };
}

async function findFolders(
  deps: Pick<WriteBackDeps, 'source'>,
  group: WriteBackGroup,
  tree: Tree,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const expected = new Map(group.entries.map(({ entry }) => [entry.name, entry.path]));
  return findPackageFolders(deps.source, group, tree, expected, signal);
}

import type { Tree } from '../../../domain/package/tree.ts';
import type { CommitSha } from '../../../domain/repository/repository.ts';
import type { OwedEntry } from '../../../ports/changelogs.ts';
import type { FileToCommit } from '../../../ports/github.ts';
import { addEntry, blobsOf, changelogLimits, findChangelog, readChangelogFile } from '../changelog-file.ts';
import { findPackageFolders } from '../package-folders.ts';
import type { WriteBackDeps, WriteBackGroup } from './deps.ts';

export interface BranchChange {
  readonly files: readonly FileToCommit[];
  /** Entries that the files add. */
  readonly added: readonly OwedEntry[];
  /** Entries that are already in the changelogs. */
  readonly present: readonly OwedEntry[];
  /** Entries whose changelog cannot be written, with the reason, such as "CHANGELOG.md is a folder". */
  readonly blocked: readonly { readonly owed: OwedEntry; readonly why: string }[];
  /** Entries whose package is not on the branch any more. */
  readonly gone: readonly OwedEntry[];
}

/** Builds the change that adds the entries on top of `head`. */
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
  const added: OwedEntry[] = [];
  const present: OwedEntry[] = [];
  const blocked: { readonly owed: OwedEntry; readonly why: string }[] = [];
  const gone: OwedEntry[] = [];
  for (const owed of group.entries) {
    const place = places.get(owed.entry.name);
    if (place === undefined) {
      gone.push(owed);
      continue;
    }
    const read = readChangelogFile(place, contents.get(place.entry?.oid ?? ''));
    if (read.kind !== 'text') {
      blocked.push({ owed, why: `${place.file} ${read.why}` });
      continue;
    }
    const files = addEntry(place, read.text, owed.entry);
    if (files.length === 0) present.push(owed);
    else added.push(owed);
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

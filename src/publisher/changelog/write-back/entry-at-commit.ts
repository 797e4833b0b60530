import { dayOf } from '../../../domain/changelog/changelog.ts';
import type { CommitSha, RepositoryId, Slug } from '../../../domain/repository/repository.ts';
import type { RepositorySource } from '../../../ports/git.ts';
import { findCandidates } from '../../commit/candidates.ts';
import { blobsOf, changelogLimits, findChangelog, readChangelogFile } from '../changelog-file.ts';
import { type MadeEntry, type MakeDeps, makeEntries } from '../make-entries.ts';
import { findPackageFolders, listPackageNames } from '../package-folders.ts';

export interface EntryAtCommitDeps extends Omit<MakeDeps, 'source' | 'run'> {
  readonly source: Pick<RepositorySource, 'locate' | 'listTree' | 'readBlobs' | 'eachBlob'>;
}

export interface EntryAtCommit {
  readonly repositoryId: RepositoryId;
  readonly slug: Slug;
  readonly commit: CommitSha;
  readonly branches: readonly string[];
  readonly name: string;
  readonly version: string;
  /** Folder where the package was seen last. */
  readonly folder: string | undefined;
  /** Published versions below this one, highest first. */
  readonly published: readonly string[];
}

/** Times nothing, because there is no job. */
const noStages: MakeDeps['run'] = { stage: async (_name, _package, work) => work() };

/** Makes the entry of one package at this commit; undefined when the package is not in the commit. */
export async function makeEntryAt(
  deps: EntryAtCommitDeps,
  request: EntryAtCommit,
  signal: AbortSignal,
): Promise<MadeEntry | undefined> {
  const { repositoryId, slug, commit, branches, name, version, published } = request;
  const located = await deps.source.locate({ id: repositoryId, slug, commit, branches }, signal);
  const tree = await deps.source.listTree(repositoryId, commit, signal);
  const expected = new Map([[name, request.folder]]);
  const folder = (await findPackageFolders(deps.source, request, tree, expected, signal)).get(name);
  if (folder === undefined) return undefined;
  const place = findChangelog(tree, folder);
  const oids = blobsOf([place]);
  const contents = await deps.source.readBlobs(repositoryId, slug, oids, changelogLimits, signal);
  const read = readChangelogFile(place, contents.get(place.entry?.oid ?? ''));
  const made = await makeEntries(
    { ...deps, run: noStages },
    {
      repositoryId,
      slug,
      commit,
      subject: located.subject,
      branch: located.branch,
      date: dayOf(located.committedAtMs),
      folders: findCandidates(tree).map(({ path }) => path),
      names: await listPackageNames(deps.source, request, tree, signal),
      packages: [{ name, version, folder, published, text: read.kind === 'text' ? read.text : '' }],
    },
    signal,
  );
  return made[0];
}

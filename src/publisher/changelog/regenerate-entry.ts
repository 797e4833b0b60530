import { type ChangelogEntry, ownHeadline } from '../../domain/changelog.ts';
import { Outage, PublishError } from '../../domain/failure.ts';
import type { CommitSha, Repository } from '../../domain/repository.ts';
import { highestFirst, isHigher } from '../../domain/version.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { RepositoryWriter } from '../../ports/repository-writer.ts';
import type { WriteBacks } from '../../ports/write-backs.ts';
import type { Actor, NotFound } from '../operations/operations.ts';
import { changelogMaxBytes, findChangelog, readChangelogFile } from './changelog-file.ts';
import { makeEntryAt } from './entry-at-commit.ts';
import { replaceEntry } from './insert-entry.ts';
import { findPackageFolders } from './package-folders.ts';
import type { ReadChangelogDeps } from './read-changelog.ts';

export interface RegenerateDeps extends Omit<ReadChangelogDeps, 'files' | 'findHead'> {
  readonly writer: RepositoryWriter;
  readonly owed: Pick<WriteBacks, 'replace'>;
  readonly audit: AuditLog;
}

export type Regenerated =
  /** In the repository; what was published stays as it is. */
  | { readonly kind: 'rewritten'; readonly commit: string; readonly entry: ChangelogEntry }
  /** The same words came out. */
  | { readonly kind: 'unchanged' }
  /** Somebody changed the entry since, or it is not in the repository: it is left alone. */
  | { readonly kind: 'edited' }
  | { readonly kind: 'refused'; readonly detail: string }
  | NotFound;

const movesAllowed = 8;

/** Words the entry of a published version anew and writes it over the old one, if that still stands as we wrote it. */
export async function regenerateEntry(
  deps: RegenerateDeps,
  name: string,
  version: string,
  by: Actor,
  signal: AbortSignal,
): Promise<Regenerated> {
  const old = await deps.entries.find(name, version);
  const owner = await deps.ledger.findOwner(name);
  const repository = owner === undefined ? undefined : await deps.repositories.find(owner.repositoryId);
  if (old === undefined || repository === undefined) {
    return {
      kind: 'not-found',
      what: 'version',
      asked: `${name} ${version}`.slice(0, 200),
      closest: undefined,
    };
  }
  try {
    const entry = await makeAgain(deps, repository, old, signal);
    if (entry === undefined || entry.body === old.body) return { kind: 'unchanged' };
    const done = await rewrite(deps, repository, old, entry, signal);
    if (done.kind !== 'rewritten') return done;
    await deps.owed.replace(name, version, entry);
    const facts = { version, commit: done.commit, wordedBy: entry.wordedBy };
    await deps.audit.append({ action: 'changelog-regenerated', actor: by, subject: name, facts });
    return done;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Outage) return { kind: 'refused', detail: error.detail };
    if (error instanceof PublishError) return { kind: 'refused', detail: error.message };
    throw error;
  }
}

async function makeAgain(
  deps: RegenerateDeps,
  repository: Repository,
  old: ChangelogEntry,
  signal: AbortSignal,
): Promise<ChangelogEntry | undefined> {
  const packument = await deps.registry.findPackument(old.name, signal);
  const versions = [...(packument?.versions.keys() ?? [])];
  const made = await makeEntryAt(
    deps,
    {
      repositoryId: repository.id,
      slug: repository.slug,
      commit: old.commit,
      branches: [...repository.branches, old.branch],
      name: old.name,
      version: old.version,
      folder: old.path,
      published: highestFirst(versions.filter((known) => isHigher(old.version, known))),
    },
    signal,
  );
  return made === undefined ? undefined : { ...made.entry, branch: old.branch, date: old.date };
}

async function rewrite(
  deps: RegenerateDeps,
  repository: Repository,
  old: ChangelogEntry,
  entry: ChangelogEntry,
  signal: AbortSignal,
): Promise<Regenerated> {
  const { slug } = repository;
  const { branch, name, version } = old;
  for (let moves = 0; moves < movesAllowed; moves++) {
    const head = await deps.writer.findHead(slug, branch, signal);
    if (head === undefined) return { kind: 'refused', detail: `there is no branch ${branch}` };
    const { path, text } = await readAt(deps, repository, old, head, signal);
    const changed = text === undefined ? undefined : replaceEntry(text, version, old.body, entry.body);
    if (changed === undefined) return { kind: 'edited' };
    const files = [{ path, content: new TextEncoder().encode(changed) }];
    const headline = `${ownHeadline} for ${name} ${version} [skip ci]`;
    const request = { slug, branch, expectedHead: head, files, headline, body: '' };
    const result = await deps.writer.commitFiles(request, signal);
    if (result.kind === 'committed') return { kind: 'rewritten', commit: result.commit, entry };
    if (result.kind !== 'moved') return { kind: 'refused', detail: result.detail };
  }
  return { kind: 'refused', detail: 'others pushed each time' };
}

/** The package's changelog at this commit, wherever the package lies there. */
async function readAt(
  deps: RegenerateDeps,
  { id, slug }: Repository,
  { branch, name, path }: ChangelogEntry,
  head: CommitSha,
  signal: AbortSignal,
): Promise<{ readonly path: string; readonly text: string | undefined }> {
  await deps.source.locate({ id, slug, commit: head, branches: [branch] }, signal);
  const tree = await deps.source.listTree(id, head, signal);
  const where = { repositoryId: id, slug };
  const folders = await findPackageFolders(deps.source, where, tree, new Map([[name, path]]), signal);
  const place = findChangelog(tree, folders.get(name) ?? path);
  const oids = place.entry === undefined ? [] : [place.entry.oid];
  const contents = await deps.source.readBlobs(id, slug, oids, changelogMaxBytes, signal);
  const read = readChangelogFile(place, contents.get(place.entry?.oid ?? ''));
  return { path: place.path, text: read.kind === 'text' ? read.text : undefined };
}

import { type ChangelogEntry, ownHeadline } from '../../domain/changelog/changelog.ts';
import { replaceEntry } from '../../domain/changelog/insert-entry.ts';
import { highestFirst, isHigher } from '../../domain/package/version.ts';
import type { CommitSha, Repository } from '../../domain/repository/repository.ts';
import type { StoredEntry, WriteBacks } from '../../ports/changelogs.ts';
import type { RepositoryWriter } from '../../ports/github.ts';
import {
  blobsOf,
  type ChangelogPlace,
  changelogLimits,
  findChangelog,
  type ReadChangelog,
  readChangelogFile,
} from '../changelog/changelog-file.ts';
import { findPackageFolders } from '../changelog/package-folders.ts';
import { makeEntryAt } from '../changelog/write-back/entry-at-commit.ts';
import type { Actor, ChangelogAnswer, Operations, Regenerated } from './operations.ts';
import { type ReadChangelogDeps, refuse } from './read-changelog.ts';

export interface RegenerateDeps extends Omit<ReadChangelogDeps, 'files' | 'findHead'> {
  readonly writer: RepositoryWriter;
  readonly owed: Pick<WriteBacks, 'replace'>;
  /** There are credentials for it. */
  readonly canWrite: boolean;
  /** PUBLISH_MODE is `shadow`. */
  readonly isShadow: boolean;
}

interface Committed {
  readonly kind: 'committed';
  readonly commit: CommitSha;
}

const movesAllowed = 8;

/** Words the entry of a published version anew and writes it over the old one, if that still stands as we wrote it. */
export function buildRegenerateChangelog(deps: RegenerateDeps): Operations['regenerateChangelog'] {
  return async (id, by, signal) => {
    const asked = await deps.entries.findVersion(id);
    const old = asked === undefined ? undefined : await deps.entries.find(asked.name, asked.version);
    const owner = old === undefined ? undefined : await deps.ledger.findOwner(old.name);
    const repository = owner === undefined ? undefined : await deps.repositories.find(owner.repositoryId);
    if (old === undefined || repository === undefined) {
      return {
        kind: 'not-found',
        what: 'version',
        asked: asked?.version ?? `of entry ${id}`,
        closest: undefined,
      };
    }
    try {
      return await regenerate(deps, repository, old, by, signal);
    } catch (error) {
      signal.throwIfAborted();
      return refuse(deps, error);
    }
  };
}

async function regenerate(
  deps: RegenerateDeps,
  repository: Repository,
  old: StoredEntry,
  by: Actor,
  signal: AbortSignal,
): Promise<Regenerated> {
  const obstacle = findObstacle(deps, repository);
  if (obstacle !== undefined) return notWritten(obstacle);
  const { name, version } = old;
  const entry = await makeAgain(deps, repository, old, signal);
  if (entry === undefined || entry.body === old.body) return { kind: 'unchanged' };
  const done = await rewrite(deps, repository, old, entry, signal);
  if (done.kind !== 'committed') return done;
  await deps.owed.replace(name, version, entry, { by, commit: done.commit });
  const { body: markdown, wordedBy } = entry;
  const changelog: ChangelogAnswer = {
    kind: 'changelog',
    name,
    version,
    markdown,
    wordedByModel: wordedBy === 'model',
    entry: old.id,
  };
  return { kind: 'rewritten', repository: repository.slug, commit: done.commit, changelog };
}

/** Why nothing is written to this repository at all. */
function findObstacle(deps: RegenerateDeps, { mode, slug, status }: Repository): string | undefined {
  if (!deps.canWrite) return 'there is no GITHUB_TOKEN and no GitHub App to write with';
  if (status !== 'active') return `${slug} is ${status}`;
  return deps.isShadow || mode === 'shadow' ? 'nothing is written in shadow mode' : undefined;
}

function notWritten(detail: string): Regenerated {
  return { kind: 'not-written', detail };
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
): Promise<Regenerated | Committed> {
  const { slug } = repository;
  const { branch, name, version } = old;
  for (let moves = 0; moves < movesAllowed; moves++) {
    const head = await deps.writer.findHead(slug, branch, signal);
    if (head === undefined) return notWritten(`there is no branch ${branch}`);
    const { place, read } = await readAt(deps, repository, old, head, signal);
    if (read.kind !== 'text') return notWritten(`${place.file} ${read.why}`);
    const changed = replaceEntry(read.text, version, old.body, entry.body);
    if (changed === undefined) return { kind: 'edited' };
    const files = [{ path: place.path, content: new TextEncoder().encode(changed) }];
    const headline = `${ownHeadline} for ${name} ${version} [skip ci]`;
    const request = { slug, branch, expectedHead: head, files, headline, body: '' };
    const result = await deps.writer.commitFiles(request, signal);
    if (result.kind === 'committed') return { kind: 'committed', commit: result.commit };
    if (result.kind !== 'moved') return notWritten(result.detail);
  }
  return notWritten('others pushed each time');
}

/** The package's changelog at this commit, wherever the package lies there. */
async function readAt(
  deps: RegenerateDeps,
  { id, slug }: Repository,
  { branch, name, path }: ChangelogEntry,
  head: CommitSha,
  signal: AbortSignal,
): Promise<{ readonly place: ChangelogPlace; readonly read: ReadChangelog }> {
  await deps.source.locate({ id, slug, commit: head, branches: [branch] }, signal);
  const tree = await deps.source.listTree(id, head, signal);
  const where = { repositoryId: id, slug };
  const folders = await findPackageFolders(deps.source, where, tree, new Map([[name, path]]), signal);
  const place = findChangelog(tree, folders.get(name) ?? path);
  const oids = blobsOf([place]);
  const contents = await deps.source.readBlobs(id, slug, oids, changelogLimits, signal);
  return { place, read: readChangelogFile(place, contents.get(place.entry?.oid ?? '')) };
}

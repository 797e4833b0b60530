import { type ChangelogEntry, ownHeadline } from '../../domain/changelog/changelog.ts';
import { replaceEntry } from '../../domain/changelog/insert-entry.ts';
import type { Actor } from '../../domain/job/actor.ts';
import { highestFirst, isHigher } from '../../domain/package/version.ts';
import type { CommitSha, Repository } from '../../domain/repository/repository.ts';
import type { StoredEntry } from '../../ports/changelogs.ts';
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
import { answerError, type NotFound, notFound, type Refused } from './answers.ts';
import type { Uses } from './core.ts';
import { type ChangelogAnswer, entryDepsOf, type MakeEntryDeps } from './read-changelog.ts';

/** The result of rewording an entry. */
export type Regenerated =
  /** Committed to the repository; the published package stays as it is. */
  | {
      readonly kind: 'rewritten';
      readonly repository: string;
      readonly commit: string;
      readonly changelog: ChangelogAnswer;
    }
  /** The same words came out. */
  | { readonly kind: 'unchanged' }
  /** Somebody changed the entry since, or it is not in the repository: it is left alone. */
  | { readonly kind: 'edited' }
  /** `detail` says what prevents it: a protected branch, no right to write, pushes of others. */
  | { readonly kind: 'not-written'; readonly detail: string };

export type RegenerateDeps = MakeEntryDeps &
  Uses<{ changelogs: 'canWrite' | 'writeBacks' | 'writer'; settings: 'isShadow' }>;

interface Committed {
  readonly kind: 'committed';
  readonly commit: CommitSha;
}

const movesAllowed = 8;

/**
 * Words the entry of a published version again and writes it over the old one in the repository, if that still stands
 * there as we wrote it. `id` is that of the stored entry.
 */
export async function regenerateChangelog(
  deps: RegenerateDeps,
  id: number,
  by: Actor,
  signal: AbortSignal,
): Promise<Regenerated | NotFound | Refused> {
  const { entries } = deps.changelogs;
  const asked = await entries.findVersion(id);
  const old = asked === undefined ? undefined : await entries.find(asked.name, asked.version);
  const owner = old === undefined ? undefined : await deps.packages.ledger.findOwner(old.name);
  const repository = owner === undefined ? undefined : await deps.repositories.all.find(owner.repositoryId);
  if (old === undefined || repository === undefined)
    return notFound('version', asked?.version ?? `of entry ${id}`, []);
  try {
    return await regenerate(deps, repository, old, by, signal);
  } catch (error) {
    signal.throwIfAborted();
    return answerError(error, undefined, deps.clock.now());
  }
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
  await deps.changelogs.writeBacks.replace(name, version, entry, { by, commit: done.commit });
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

/** Returns why nothing may be written to this repository; undefined when something may. */
function findObstacle(deps: RegenerateDeps, { mode, slug, status }: Repository): string | undefined {
  if (!deps.changelogs.canWrite) return 'there is no GITHUB_TOKEN and no GitHub App to write with';
  if (status !== 'active') return `${slug} is ${status}`;
  return deps.settings.isShadow || mode === 'shadow' ? 'nothing is written in shadow mode' : undefined;
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
  const packument = await deps.changelogs.registry.findPackument(old.name, signal);
  const versions = [...(packument?.versions.keys() ?? [])];
  const made = await makeEntryAt(
    entryDepsOf(deps),
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
  const { writer } = deps.changelogs;
  const { branch, name, version } = old;
  for (let moves = 0; moves < movesAllowed; moves++) {
    const head = await writer.findHead(slug, branch, signal);
    if (head === undefined) return notWritten(`there is no branch ${branch}`);
    const { place, read } = await readAt(deps, repository, old, head, signal);
    if (read.kind !== 'text') return notWritten(`${place.file} ${read.why}`);
    const changed = replaceEntry(read.text, version, old.body, entry.body);
    if (changed === undefined) return { kind: 'edited' };
    const files = [{ path: place.path, content: new TextEncoder().encode(changed) }];
    const headline = `${ownHeadline} for ${name} ${version} [skip ci]`;
    const request = { slug, branch, expectedHead: head, files, headline, body: '' };
    const result = await writer.commitFiles(request, signal);
    if (result.kind === 'committed') return { kind: 'committed', commit: result.commit };
    if (result.kind !== 'moved') return notWritten(result.detail);
  }
  return notWritten('others pushed each time');
}

/** Reads the package's changelog at this commit, wherever the package is there. */
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

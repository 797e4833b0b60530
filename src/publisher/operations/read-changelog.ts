import { unreleased } from '../../domain/changelog/changelog.ts';
import { findEntry } from '../../domain/changelog/insert-entry.ts';
import type { Packument } from '../../domain/package/packument.ts';
import { highestFirst } from '../../domain/package/version.ts';
import { type EntryAtCommitDeps, makeEntryAt } from '../changelog/write-back/entry-at-commit.ts';
import { answerError, type NotFound, notFound, type Refused } from './answers.ts';
import type { Core, Uses } from './core.ts';

export interface ChangelogAnswer {
  readonly kind: 'changelog';
  readonly name: string;
  /** Undefined for the commits that are not published yet. */
  readonly version: string | undefined;
  /** Markdown as committed: hostile text. */
  readonly markdown: string;
  readonly wordedByModel: boolean;
  /** Id of the entry that we made for this version, for wording it again; undefined when it is not ours. */
  readonly entry: number | undefined;
}

/** What making an entry takes. */
export type MakeEntryDeps = Pick<Core, 'clock' | 'logger' | 'source'> &
  Uses<{
    changelogs: 'entries' | 'history' | 'registry' | 'words';
    packages: 'ledger';
    repositories: 'all';
  }>;
export type ReadChangelogDeps = MakeEntryDeps & Uses<{ changelogs: 'files' }>;

/**
 * Reads what a published version says in its own tarball, or what is not published yet. `asked` is a version or
 * `unreleased`; undefined is the version that `latest` points to, or, while nothing is published, what is not published
 * yet. No model is asked.
 */
export async function readChangelog(
  deps: ReadChangelogDeps,
  name: string,
  asked: string | undefined,
  signal: AbortSignal,
): Promise<ChangelogAnswer | NotFound | Refused> {
  try {
    if (asked === unreleased) return await readUnreleased(deps, name, signal);
    const packument = await deps.changelogs.registry.findPackument(name, signal);
    const version = asked ?? findLatest(packument);
    if (version === undefined) return await readUnreleased(deps, name, signal);
    return await readPublished(deps, name, packument, version, signal);
  } catch (error) {
    signal.throwIfAborted();
    return answerError(error, undefined, deps.clock.now());
  }
}

/** Picks from the core what makes an entry. */
export function entryDepsOf({
  changelogs,
  clock,
  logger,
  packages,
  source,
}: MakeEntryDeps): EntryAtCommitDeps {
  const { history, words } = changelogs;
  return { clock, logger, source, history, ledger: packages.ledger, ...words };
}

/** Returns the version that `latest` points to, else the highest one; undefined when nothing is published. */
function findLatest(packument: Packument | undefined): string | undefined {
  if (packument === undefined) return undefined;
  const latest = packument.distTags['latest'];
  if (latest !== undefined && packument.versions.has(latest)) return latest;
  return highestFirst([...packument.versions.keys()])[0];
}

async function readPublished(
  deps: ReadChangelogDeps,
  name: string,
  packument: Packument | undefined,
  version: string,
  signal: AbortSignal,
): Promise<ChangelogAnswer | NotFound> {
  if (packument === undefined) return notFound('package', name, []);
  if (!packument.versions.has(version)) {
    const [closest] = highestFirst([...packument.versions.keys()]);
    return { ...notFound('version', version, []), closest };
  }
  const entry = await deps.changelogs.entries.find(name, version);
  const text = await deps.changelogs.files.findText(name, version, 'changelog.md', signal);
  const written = text === undefined ? undefined : findEntry(text, version);
  const markdown = written ?? 'This version has no entry in its changelog.';
  // What somebody else published under this number was not worded by us.
  const wordedByModel = entry?.wordedBy === 'model' && entry.body === written;
  return { kind: 'changelog', name, version, markdown, wordedByModel, entry: entry?.id };
}

async function readUnreleased(
  deps: ReadChangelogDeps,
  name: string,
  signal: AbortSignal,
): Promise<ChangelogAnswer | NotFound> {
  const owner = await deps.packages.ledger.findOwner(name);
  const repository = owner === undefined ? undefined : await deps.repositories.all.find(owner.repositoryId);
  if (repository === undefined) return notFound('package', name, []);
  const { id: repositoryId, slug, branches } = repository;
  const head = { id: repositoryId, slug, ref: undefined, branches: [] };
  const { commit } = await deps.source.resolve(head, signal);
  const packument = await deps.changelogs.registry.findPackument(name, signal);
  const made = await makeEntryAt(
    { ...entryDepsOf(deps), wording: undefined },
    {
      repositoryId,
      slug,
      commit,
      branches,
      name,
      version: 'Unreleased',
      folder: undefined,
      published: highestFirst([...(packument?.versions.keys() ?? [])]),
    },
    signal,
  );
  if (made === undefined) return notFound('package', name, []);
  const { body: markdown } = made.entry;
  return { kind: 'changelog', name, version: undefined, markdown, wordedByModel: false, entry: undefined };
}

import { unreleased } from '../../domain/changelog/changelog.ts';
import { findEntry } from '../../domain/changelog/insert-entry.ts';
import { Outage, PublishError, renderFailure } from '../../domain/failure/failure.ts';
import type { Packument } from '../../domain/package/packument.ts';
import { highestFirst } from '../../domain/package/version.ts';
import type { CommitSha, Repository } from '../../domain/repository/repository.ts';
import type { PublishLedger } from '../../ports/catalog.ts';
import type { ChangelogEntries } from '../../ports/changelogs.ts';
import type { PublishedFiles, Registry } from '../../ports/registry.ts';
import type { Repositories } from '../../ports/repositories.ts';
import { type EntryAtCommitDeps, makeEntryAt } from '../changelog/write-back/entry-at-commit.ts';
import { outageFailure } from '../queue/outages/outage-failure.ts';
import type { ChangelogAnswer, NotFound, Operations, Refused } from './operations.ts';

export interface ReadChangelogDeps extends EntryAtCommitDeps {
  readonly entries: ChangelogEntries;
  readonly files: Pick<PublishedFiles, 'findText'>;
  readonly registry: Pick<Registry, 'findPackument'>;
  readonly repositories: Repositories;
  readonly ledger: Pick<PublishLedger, 'findOwner' | 'listIntents'>;
  /** The commit at the end of its default branch. Throws Outage and PublishError. */
  readonly findHead: (repository: Repository, signal: AbortSignal) => Promise<CommitSha | undefined>;
}

/** What a published version says in its own tarball, or what is not published yet. No model is asked. */
export function buildReadChangelog(deps: ReadChangelogDeps): Operations['readChangelog'] {
  return async (name, asked, signal) => {
    try {
      if (asked === unreleased) return await readUnreleased(deps, name, signal);
      const packument = await deps.registry.findPackument(name, signal);
      const version = asked ?? findLatest(packument);
      if (version === undefined) return await readUnreleased(deps, name, signal);
      return await readPublished(deps, name, packument, version, signal);
    } catch (error) {
      signal.throwIfAborted();
      return refuse(deps, error);
    }
  };
}

/** Where `latest` leads; a registry that keeps none has its highest version. Undefined: nothing is published. */
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
  if (packument === undefined) return notFound('package', name, undefined);
  if (!packument.versions.has(version)) {
    return notFound('version', version, highestFirst([...packument.versions.keys()])[0]);
  }
  const entry = await deps.entries.find(name, version);
  const text = await deps.files.findText(name, version, 'changelog.md', signal);
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
  const owner = await deps.ledger.findOwner(name);
  const repository = owner === undefined ? undefined : await deps.repositories.find(owner.repositoryId);
  if (repository === undefined) return notFound('package', name, undefined);
  const commit = await deps.findHead(repository, signal);
  if (commit === undefined) return notFound('ref', 'HEAD', undefined);
  const packument = await deps.registry.findPackument(name, signal);
  const { id: repositoryId, slug, branches } = repository;
  const made = await makeEntryAt(
    { ...deps, wording: undefined },
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
  if (made === undefined) return notFound('package', name, undefined);
  const { body: markdown } = made.entry;
  return { kind: 'changelog', name, version: undefined, markdown, wordedByModel: false, entry: undefined };
}

function notFound(what: NotFound['what'], asked: string, closest: string | undefined): NotFound {
  return { kind: 'not-found', what, asked: asked.slice(0, 200), closest };
}

/** What a neighbour or a repository said no with; anything else is a bug and is thrown on. */
export function refuse(deps: Pick<ReadChangelogDeps, 'clock'>, error: unknown): Refused {
  if (error instanceof PublishError) return { kind: 'refused', failure: renderFailure(error.failure) };
  if (!(error instanceof Outage)) throw error;
  return { kind: 'refused', failure: renderFailure(outageFailure(error, deps.clock.now())) };
}

import { type ChangelogEntry, dayOf } from '../../domain/changelog/changelog.ts';
import { findEntry } from '../../domain/changelog/insert-entry.ts';
import { PublishError } from '../../domain/failure/failure.ts';
import type { Tree } from '../../domain/package/tree.ts';
import type { LocatedCommit } from '../../ports/git.ts';
import { filesUnder, findCandidates } from '../commit/candidates.ts';
import type { PlannedPackage } from '../judge/judgement.ts';
import { breathe } from '../pacing/breathe.ts';
import type { Run } from '../run/pipeline.ts';
import {
  addEntry,
  addMeta,
  blobsOf,
  type ChangelogPlace,
  changelogLimits,
  type FileToAdd,
  findChangelog,
  listShipped,
  readChangelogFile,
} from './changelog-file.ts';
import type { ChangelogDeps } from './deps.ts';
import { type MadeEntry, makeEntries } from './make-entries.ts';
import { readThroughLfs } from './read-through-lfs.ts';

/** What the tarball of one package gets in addition to, or in place of, the committed files. */
export interface PreparedChangelog {
  /** Returns the files to write. Pure. */
  readonly write: () => readonly FileToAdd[];
  /** Committed files that ship whatever `files` and .npmignore say. */
  readonly ships: readonly string[];
  /** The version's entry, without its heading. */
  readonly body: string | undefined;
  readonly wordedByModel: boolean;
  readonly warnings: readonly string[];
}

export const noChangelog: PreparedChangelog = {
  write: () => [],
  ships: [],
  body: undefined,
  wordedByModel: false,
  warnings: [],
};

/** A package whose changelog was read. */
export interface PackageWithChangelog {
  readonly plan: PlannedPackage;
  readonly place: ChangelogPlace;
  /** The text as committed; undefined when it cannot be read. */
  readonly text: string | undefined;
  readonly problem: string | undefined;
  /** True when the commit holds a Git LFS pointer in place of the text. */
  readonly isPointer: boolean;
}

export interface PreparedChangelogs {
  readonly byFolder: ReadonlyMap<string, PreparedChangelog>;
  /** Entries that are not stored yet. */
  readonly made: readonly ChangelogEntry[];
}

/**
 * Prepares the changelogs of all packages of a dispatch. New entries have to be stored before anything is packed: a
 * resumed job then packs and announces the same text, and no model is asked twice. Whatever goes wrong here is a
 * warning.
 */
export async function prepareChangelogs(
  deps: ChangelogDeps,
  run: Run,
  located: LocatedCommit,
  tree: Tree,
  planned: readonly PlannedPackage[],
): Promise<PreparedChangelogs> {
  if (planned.length === 0) return { byFolder: new Map(), made: [] };
  const { job } = run;
  const kept = await deps.entries.listOf(job.repositoryId, job.commit);
  const known = new Map(kept.map((entry) => [entry.path, entry]));
  const packages = await readChangelogs(deps, run, tree, planned);
  const missing = packages.filter(
    ({ plan, text }) =>
      plan.decision.kind === 'publish' &&
      text !== undefined &&
      !known.has(plan.candidate.path) &&
      findEntry(text, plan.manifest.version) === undefined,
  );
  const made = missing.length === 0 ? [] : await makeMissing(deps, run, located, tree, missing);
  const warnings = new Map(made.map(({ entry, warning }) => [entry.path, warning]));
  for (const { entry } of made) known.set(entry.path, entry);
  const byFolder = new Map(
    packages.map((item) => {
      const { path } = item.plan.candidate;
      return [path, prepareOne(item, known.get(path), warnings.get(path))];
    }),
  );
  return { byFolder, made: made.map(({ entry }) => entry) };
}

async function makeMissing(
  deps: ChangelogDeps,
  run: Run,
  located: LocatedCommit,
  tree: Tree,
  missing: readonly PackageWithChangelog[],
): Promise<readonly MadeEntry[]> {
  const { job } = run;
  const { clock, history, ledger, logger, source, words } = deps;
  return makeEntries(
    { ...words, clock, history, ledger, logger, source, run },
    {
      repositoryId: job.repositoryId,
      slug: job.slug,
      commit: job.commit,
      subject: located.subject,
      branch: located.branch,
      date: dayOf(located.committedAtMs),
      folders: findCandidates(tree).map((candidate) => candidate.path),
      names: new Set(missing.flatMap(({ plan }) => [...plan.commit.siblings.keys()])),
      packages: missing.map(({ plan, text }) => ({
        name: plan.manifest.name,
        version: plan.manifest.version,
        folder: plan.candidate.path,
        published: plan.publishedBelow,
        text: text ?? '',
      })),
    },
    run.signal,
  );
}

async function readChangelogs(
  deps: Pick<ChangelogDeps, 'lfs' | 'source' | 'workspace'>,
  run: Run,
  tree: Tree,
  planned: readonly PlannedPackage[],
): Promise<readonly PackageWithChangelog[]> {
  const { job, signal } = run;
  const places: { readonly plan: PlannedPackage; readonly place: ChangelogPlace }[] = [];
  for (const plan of planned) {
    places.push({ plan, place: findChangelog(tree, plan.candidate.path) });
    await breathe();
  }
  const oids = blobsOf(places.map(({ place }) => place));
  const contents = await deps.source
    .readBlobs(
      job.repositoryId,
      job.slug,
      oids,
      { ...changelogLimits, readNext: listPacked(tree, planned) },
      signal,
    )
    .catch((error: unknown) => {
      // A missing object fails the package that it belongs to, not all packages; here the changelogs only count as
      // unreadable.
      if (!(error instanceof PublishError)) throw error;
      return undefined;
    });
  const read = places.map(({ place }) =>
    contents === undefined && place.entry !== undefined
      ? ({ kind: 'unreadable', why: 'could not be read' } as const)
      : readChangelogFile(place, contents?.get(place.entry?.oid ?? '')),
  );
  const texts = await readThroughLfs(deps, run, read);
  return places.map(({ plan, place }, index) => {
    const item = texts[index] ?? { kind: 'unreadable', why: 'could not be read' };
    const isPointer = read[index]?.kind === 'pointer';
    return item.kind === 'text'
      ? { plan, place, text: item.text, problem: undefined, isPointer }
      : {
          plan,
          place,
          text: undefined,
          problem: `${place.file} ${item.why}; it was left as it is`,
          isPointer,
        };
  });
}

/** Contents of the packages that are packed next. */
function listPacked(tree: Tree, planned: readonly PlannedPackage[]): readonly string[] {
  return planned
    .filter(({ decision }) => decision.kind === 'publish')
    .flatMap(({ candidate }) => filesUnder(tree, candidate.path))
    .filter(({ mode }) => mode.startsWith('100'))
    .map(({ oid }) => oid);
}

function prepareOne(
  { plan, place, text, problem, isPointer }: PackageWithChangelog,
  entry: ChangelogEntry | undefined,
  warning: string | undefined,
): PreparedChangelog {
  const ships = listShipped(place);
  if (text === undefined) return { ...noChangelog, ships, warnings: problem === undefined ? [] : [problem] };
  const { name, version } = plan.manifest;
  if (entry === undefined) {
    const body = findEntry(text, version);
    return { ...noChangelog, write: () => (body === undefined ? [] : addMeta(place, name)), ships, body };
  }
  const ofPointer = `${place.file} is a Git LFS pointer: the entry is in the tarball, and is not written to the repository`;
  return {
    write: () => addEntry(place, text, entry),
    ships,
    body: entry.body,
    wordedByModel: entry.wordedBy === 'model',
    warnings: [...(warning === undefined ? [] : [warning]), ...(isPointer ? [ofPointer] : [])],
  };
}

import { isOwnCommit } from '../../domain/changelog/changelog.ts';
import { failure, PublishError } from '../../domain/failure/failure.ts';
import { isMendedByManifest } from '../../domain/job/mending.ts';
import { blankResult } from '../../domain/job/package-result.ts';
import type { PackageResult } from '../../domain/job/report.ts';
import type { Tree } from '../../domain/package/tree.ts';
import type { CommitSha } from '../../domain/repository/repository.ts';
import type { LocatedCommit } from '../../ports/git.ts';
import type { CandidateSighting, OpenPackage } from '../../ports/judgements.ts';
import {
  type Candidate,
  findCandidatesInSlices,
  folderChanged,
  labelOf,
  manifestChanged,
  type Selected,
} from '../commit/candidates.ts';
import { breathe } from '../pacing/breathe.ts';
import type { Run } from '../run/pipeline.ts';
import type { SelectDeps } from './deps.ts';
import { findBoundedCandidates } from './read-manifests.ts';
import { readNow, readUnread } from './sightings.ts';

/** How many judged commits of a branch are searched for the base of a dispatch. */
const judgedLimit = 200;

export interface Selection {
  readonly tree: Tree;
  readonly selected: readonly Selected[];
  readonly unchanged: readonly PackageResult[];
  /** Names that occur more than once in the commit, with their paths. */
  readonly duplicates: ReadonlyMap<string, string>;
  /** Packages of the commit that were read now and not known before. */
  readonly seen: readonly CandidateSighting[];
}

/** The packages of a commit, and the commit with which they are compared. */
export interface Listed {
  readonly tree: Tree;
  /** Candidates of the whole commit. */
  readonly all: readonly Candidate[];
  /** Candidates that the dispatch asks for. */
  readonly candidates: readonly Candidate[];
  /** Commit with which the candidates are compared; null when every candidate counts as changed. */
  readonly base: CommitSha | null;
}

/** Finds the candidates of the commit. Throws PublishError no-packages-found, package-path-not-found. */
export async function listCandidates(deps: SelectDeps, run: Run, located: LocatedCommit): Promise<Listed> {
  const { job } = run;
  const tree = await run.stage('list', undefined, async () =>
    deps.source.listTree(job.repositoryId, job.commit, run.signal),
  );
  const all = findBoundedCandidates(tree);
  if (all.length === 0) throw new PublishError(failure('no-packages-found', { commit: job.commit }));
  const candidates =
    job.packagePath === '' ? all : all.filter((candidate) => candidate.path === job.packagePath);
  if (candidates.length === 0)
    throw new PublishError(failure('package-path-not-found', { path: job.packagePath }));
  return { tree, all, candidates, base: await findBase(deps, run, located) };
}

/** Selects the candidates that changed, were named, or are still open. */
export async function selectPackages(
  deps: SelectDeps,
  run: Run,
  located: LocatedCommit,
  { tree, all, candidates, base }: Listed,
): Promise<Selection> {
  const { job } = run;
  const picked = await pick(deps, run, located, tree, candidates, base);
  const known = await listKnown(deps, run);
  const { manifests, seen, sightings } = await readUnread(deps, run, all, picked, known);
  const duplicates = findDuplicates(sightings);
  const mended = await listMended(
    deps,
    run,
    located,
    candidates.filter((item) => !picked.has(item)),
    duplicates,
  );
  const more = await readNow(
    deps,
    run,
    mended.filter(({ path }) => !manifests.has(path)),
  );
  const isJudged = new Set([...picked, ...mended]);
  const selected = candidates
    .filter((candidate) => isJudged.has(candidate))
    .flatMap((candidate): readonly Selected[] => {
      const parsed = manifests.get(candidate.path) ?? more.get(candidate.path);
      return parsed === undefined ? [] : [{ candidate, parsed, knownName: known.get(candidate.path)?.name }];
    });
  const others =
    job.onlyPaths === undefined ? candidates.filter((candidate) => !isJudged.has(candidate)) : [];
  return { tree, selected, unchanged: listUnchanged(others, sightings, known), duplicates, seen };
}

async function pick(
  deps: SelectDeps,
  run: Run,
  located: LocatedCommit,
  tree: Tree,
  candidates: readonly Candidate[],
  base: CommitSha | null,
): Promise<ReadonlySet<Candidate>> {
  const { everything, onlyPaths, packagePath } = run.job;
  if (onlyPaths !== undefined) return new Set(candidates.filter(({ path }) => onlyPaths.includes(path)));
  if (packagePath !== '' || everything) return new Set(candidates);
  return new Set(await pickChanged(deps, run, located, tree, candidates, base));
}

async function listKnown(
  deps: Pick<SelectDeps, 'judged'>,
  { job }: Run,
): Promise<ReadonlyMap<string, CandidateSighting>> {
  const names = await deps.judged.listKnownPackages(job.repositoryId);
  return new Map(names.map((sighting) => [sighting.path, sighting]));
}

/**
 * Returns packages that failed because they shared their name with another, and that share it no more in this commit,
 * whatever folder changed.
 */
async function listMended(
  deps: Pick<SelectDeps, 'jobLog'>,
  run: Run,
  located: LocatedCommit,
  unpicked: readonly Candidate[],
  duplicates: ReadonlyMap<string, string>,
): Promise<readonly Candidate[]> {
  if (unpicked.length === 0 || run.job.onlyPaths !== undefined) return [];
  const open = await listOpen(deps, run, located);
  const failed = open.filter(({ name, state }) => state === 'failed' && !duplicates.has(name));
  if (failed.length === 0) return [];
  const earlier = await deps.jobLog.listEarlier(
    run.job,
    failed.map(({ path }) => path),
  );
  return unpicked.filter(({ path }) => earlier.get(path)?.failure?.reason === 'duplicate-name');
}

function listUnchanged(
  candidates: readonly Candidate[],
  sightings: readonly CandidateSighting[],
  known: ReadonlyMap<string, CandidateSighting>,
): readonly PackageResult[] {
  const seen = new Map(sightings.map((sighting) => [sighting.path, sighting]));
  return candidates.map(({ path, ...candidate }): PackageResult => {
    const sighting = seen.get(path) ?? known.get(path);
    const name = sighting?.name ?? labelOf({ path, ...candidate });
    return { ...blankResult(name, path, 'unchanged'), version: seen.get(path)?.version };
  });
}

function findDuplicates(sightings: readonly CandidateSighting[]): ReadonlyMap<string, string> {
  const paths = new Map<string, string[]>();
  for (const { name, path } of sightings) {
    const places = paths.get(name) ?? [];
    paths.set(name, [...places, path === '' ? '(root)' : path]);
  }
  return new Map(
    [...paths].filter(([, places]) => places.length > 1).map(([name, places]) => [name, places.join(', ')]),
  );
}

/**
 * Returns the commit to compare with. A retry gets the base of the first attempt, so that both judge the same change.
 */
async function findBase(
  deps: Pick<SelectDeps, 'judged' | 'source'>,
  run: Run,
  located: LocatedCommit,
): Promise<CommitSha | null> {
  const { job } = run;
  if (job.base !== undefined) return job.base;
  const judged = await deps.judged.listJudged(job.repositoryId, located.branch, judgedLimit);
  const nearest =
    judged.length === 0
      ? undefined
      : await deps.source.findNearestAncestor(job.repositoryId, job.commit, judged, run.signal);
  return nearest ?? null;
}

async function pickChanged(
  deps: SelectDeps,
  run: Run,
  located: LocatedCommit,
  tree: Tree,
  candidates: readonly Candidate[],
  base: CommitSha | null,
): Promise<readonly Candidate[]> {
  if (base === null) return candidates;
  const { job } = run;
  const treeBefore = await deps.source.listTree(job.repositoryId, base, run.signal);
  const before = new Map((await findCandidatesInSlices(treeBefore)).map((known) => [known.path, known]));
  const picked = new Set(candidates.filter((candidate) => before.get(candidate.path)?.oid !== candidate.oid));
  const open = await listOpen(deps, run, located);
  if (open.length === 0) return [...picked];
  const reopened = await findReopened(deps, run, tree, open);
  // A package that was held behind a package that is judged again may be published with it; if not, it is held again,
  // in one line of the report.
  const anyReopened = reopened.size > 0;
  const openByPath = new Map(open.map((known) => [known.path, known]));
  for (const candidate of candidates) {
    const wasOpen = openByPath.get(candidate.path);
    if (wasOpen === undefined) continue;
    if (reopened.has(candidate.path) || (anyReopened && wasOpen.state === 'held')) picked.add(candidate);
  }
  return candidates.filter((candidate) => picked.has(candidate));
}

/** Returns folders of open packages with a change that could fix them. */
async function findReopened(
  deps: Pick<SelectDeps, 'source'>,
  { job, signal }: Run,
  tree: Tree,
  open: readonly OpenPackage[],
): Promise<ReadonlySet<string>> {
  const reopened = new Set<string>();
  for (const known of open.filter((item) => item.commit !== job.commit)) {
    const then = await deps.source.listTree(job.repositoryId, known.commit, signal);
    const couldMend = isMendedByManifest(known.reason) ? manifestChanged : folderChanged;
    if (couldMend(then, tree, known.path)) reopened.add(known.path);
    await breathe();
  }
  return reopened;
}

/** Lists packages that are still open from earlier jobs. A commit that we wrote ourselves fixes none of them. */
async function listOpen(
  deps: Pick<SelectDeps, 'jobLog'>,
  run: Run,
  located: LocatedCommit,
): Promise<readonly OpenPackage[]> {
  return isOwnCommit(located) ? [] : deps.jobLog.listOpenPackages(run.job, located.branch);
}

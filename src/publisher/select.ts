import { isOwnCommit } from '../domain/changelog.ts';
import { failure, PublishError } from '../domain/failure.ts';
import { isMendedByManifest } from '../domain/mending.ts';
import { blankResult } from '../domain/package-result.ts';
import type { PackageResult } from '../domain/report.ts';
import type { CommitSha } from '../domain/repository.ts';
import type { Tree } from '../domain/tree.ts';
import type { OpenPackage } from '../ports/job-log.ts';
import type { LocatedCommit } from '../ports/repository-source.ts';
import {
  type Candidate,
  findCandidates,
  folderChanged,
  labelOf,
  manifestChanged,
  type Selected,
} from './candidates.ts';
import { readCandidate } from './judge.ts';
import type { PipelineDeps, Run } from './pipeline.ts';

/** How many judged commits of a branch are looked through for the base of a dispatch. */
const judgedLimit = 200;
/** No manifest is larger; what is larger is not read. */
export const manifestMaxBytes = 1024 * 1024;

export interface Selection {
  readonly tree: Tree;
  readonly selected: readonly Selected[];
  readonly unchanged: readonly PackageResult[];
}

/** Finds the candidates of the commit and picks those that changed, were named, or are still open. */
export async function selectPackages(
  deps: PipelineDeps,
  run: Run,
  located: LocatedCommit,
): Promise<Selection> {
  const { job } = run;
  const tree = await run.stage('list', undefined, async () =>
    deps.source.listTree(job.repositoryId, job.commit, run.signal),
  );
  const all = findCandidates(tree);
  if (all.length === 0) throw new PublishError(failure('no-packages-found', { commit: job.commit }));
  const candidates =
    job.packagePath === '' ? all : all.filter((candidate) => candidate.path === job.packagePath);
  if (candidates.length === 0)
    throw new PublishError(failure('package-path-not-found', { path: job.packagePath }));
  const base = await findBase(deps, run, located);
  const isNamed = job.packagePath !== '' || job.everything;
  const picked = isNamed ? candidates : await pickChanged(deps, run, located, tree, candidates, base);
  const manifests = await run.stage('read-manifests', undefined, async () =>
    deps.source.readBlobs(
      job.repositoryId,
      job.slug,
      picked.filter((candidate) => !candidate.isSymlink).map((candidate) => candidate.oid),
      manifestMaxBytes,
      run.signal,
    ),
  );
  const names = await deps.judged.listKnownPackages(job.repositoryId);
  const known = new Map(names.map((sighting) => [sighting.path, sighting]));
  const selected = picked.map((candidate) => ({
    candidate,
    parsed: readCandidate(candidate, manifests.get(candidate.oid)),
    knownName: known.get(candidate.path)?.name,
  }));
  const unchanged = candidates
    .filter((candidate) => !picked.includes(candidate))
    .map((candidate): PackageResult => {
      const sighting = known.get(candidate.path);
      const name = sighting?.name ?? labelOf(candidate);
      return { ...blankResult(name, candidate.path, 'unchanged'), version: sighting?.version };
    });
  return { tree, selected, unchanged };
}

/** The base is fixed the first time, so that a retry judges the same change. */
async function findBase(deps: PipelineDeps, run: Run, located: LocatedCommit): Promise<CommitSha | null> {
  const { job } = run;
  if (job.base !== undefined) return job.base;
  const judged = await deps.judged.listJudged(job.repositoryId, located.branch, judgedLimit);
  const nearest =
    judged.length === 0
      ? undefined
      : await deps.source.findNearestAncestor(job.repositoryId, job.commit, judged, run.signal);
  const base = nearest ?? null;
  await deps.queue.fixBase(job, base);
  return base;
}

async function pickChanged(
  deps: PipelineDeps,
  run: Run,
  located: LocatedCommit,
  tree: Tree,
  candidates: readonly Candidate[],
  base: CommitSha | null,
): Promise<readonly Candidate[]> {
  if (base === null) return candidates;
  const { job } = run;
  const before = new Map(
    findCandidates(await deps.source.listTree(job.repositoryId, base, run.signal)).map((known) => [
      known.path,
      known,
    ]),
  );
  const picked = new Set(candidates.filter((candidate) => before.get(candidate.path)?.oid !== candidate.oid));
  const open = await listOpen(deps, run, located);
  if (open.length === 0) return [...picked];
  const reopened = await findReopened(deps, run, tree, open);
  // What was held behind a package that is judged again may go with it; if not, it is held again in one line.
  const anyReopened = reopened.size > 0;
  for (const candidate of candidates) {
    const wasOpen = open.find((known) => known.path === candidate.path);
    if (wasOpen === undefined) continue;
    if (reopened.has(candidate.path) || (anyReopened && wasOpen.state === 'held')) picked.add(candidate);
  }
  return candidates.filter((candidate) => picked.has(candidate));
}

/** Folders of open packages in which something changed that could mend them. */
async function findReopened(
  deps: PipelineDeps,
  { job, signal }: Run,
  tree: Tree,
  open: readonly OpenPackage[],
): Promise<ReadonlySet<string>> {
  const reopened = new Set<string>();
  for (const known of open.filter((item) => item.commit !== job.commit)) {
    const then = await deps.source.listTree(job.repositoryId, known.commit, signal);
    const couldMend = isMendedByManifest(known.reason) ? manifestChanged : folderChanged;
    if (couldMend(then, tree, known.path)) reopened.add(known.path);
  }
  return reopened;
}

/** Packages that failed before. What we wrote ourselves mends none of them. */
async function listOpen(
  deps: PipelineDeps,
  run: Run,
  located: LocatedCommit,
): Promise<readonly OpenPackage[]> {
  return isOwnCommit(located) ? [] : deps.jobLog.listOpenPackages(run.job, located.branch);
}

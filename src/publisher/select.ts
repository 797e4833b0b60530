import { isOwnCommit } from '../domain/changelog.ts';
import { failure, PublishError } from '../domain/failure.ts';
import { blankResult } from '../domain/package-result.ts';
import type { PackageResult } from '../domain/report.ts';
import type { CommitSha } from '../domain/repository.ts';
import type { Tree } from '../domain/tree.ts';
import type { OpenPackage } from '../ports/job-log.ts';
import type { LocatedCommit } from '../ports/repository-source.ts';
import { breathe } from './breathe.ts';
import {
  type Candidate,
  findCandidatesInSlices,
  folderChanged,
  labelOf,
  type Selected,
} from './candidates.ts';
import type { PipelineDeps, Run } from './pipeline.ts';
import { findBoundedCandidates, readManifests } from './read-manifests.ts';

/** How many judged commits of a branch are looked through for the base of a dispatch. */
const judgedLimit = 200;

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
  const all = findBoundedCandidates(tree);
  if (all.length === 0) throw new PublishError(failure('no-packages-found', { commit: job.commit }));
  const candidates =
    job.packagePath === '' ? all : all.filter((candidate) => candidate.path === job.packagePath);
  if (candidates.length === 0)
    throw new PublishError(failure('package-path-not-found', { path: job.packagePath }));
  const base = await findBase(deps, run, located);
  const isNamed = job.packagePath !== '' || job.everything;
  const picked = isNamed ? candidates : await pickChanged(deps, run, located, tree, candidates, base);
  const repository = { id: job.repositoryId, slug: job.slug };
  const manifests = await run.stage('read-manifests', undefined, async () =>
    readManifests(deps.source, repository, picked, run.signal),
  );
  const names = await deps.judged.listKnownPackages(job.repositoryId);
  const known = new Map(names.map((sighting) => [sighting.path, sighting]));
  const selected = picked.flatMap((candidate): readonly Selected[] => {
    const parsed = manifests.get(candidate.path);
    return parsed === undefined ? [] : [{ candidate, parsed, knownName: known.get(candidate.path)?.name }];
  });
  const chosen = new Set(picked);
  const unchanged = candidates
    .filter((candidate) => !chosen.has(candidate))
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
  const treeBefore = await deps.source.listTree(job.repositoryId, base, run.signal);
  const before = new Map((await findCandidatesInSlices(treeBefore)).map((known) => [known.path, known]));
  const picked = new Set(candidates.filter((candidate) => before.get(candidate.path)?.oid !== candidate.oid));
  const open = await listOpen(deps, run, located);
  if (open.length === 0) return [...picked];
  const reopened = new Set<string>();
  for (const known of open.filter((item) => item.commit !== job.commit)) {
    const then = await deps.source.listTree(job.repositoryId, known.commit, run.signal);
    if (folderChanged(then, tree, known.path)) reopened.add(known.path);
    await breathe();
  }
  // What was held behind a package that is judged again may go with it; if not, it is held again in one line.
  const anyReopened = reopened.size > 0;
  const openByPath = new Map(open.map((known) => [known.path, known]));
  for (const candidate of candidates) {
    const wasOpen = openByPath.get(candidate.path);
    if (wasOpen === undefined) continue;
    if (reopened.has(candidate.path) || (anyReopened && wasOpen.state === 'held')) picked.add(candidate);
  }
  return candidates.filter((candidate) => picked.has(candidate));
}

/** Packages that failed before. What we wrote ourselves mends none of them. */
async function listOpen(
  deps: PipelineDeps,
  run: Run,
  located: LocatedCommit,
): Promise<readonly OpenPackage[]> {
  return isOwnCommit(located) ? [] : deps.jobLog.listOpenPackages(run.job, located.branch);
}

import type { CommitAbout } from '../../domain/announcement/announcement.ts';
import { PublishError } from '../../domain/failure/failure.ts';
import { NameRefusal } from '../../domain/failure/name-trouble.ts';
import { failed, held, mayFollow } from '../../domain/job/package-result.ts';
import type { AwaitedVersion, Job, PackageResult } from '../../domain/job/report.ts';
import type { Packument } from '../../domain/package/packument.ts';
import type { Tree } from '../../domain/package/tree.ts';
import { findVersionProblem } from '../../domain/package/version-problem.ts';
import type { LocatedCommit } from '../../ports/git.ts';
import { noChangelog, type PreparedChangelog, prepareChangelogs } from '../changelog/prepare-changelogs.ts';
import type { Selected } from '../commit/candidates.ts';
import { buildCommitContext, type CommitContext } from '../judge/commit-context.ts';
import {
  type JudgeContext,
  type Judgement,
  judgeAgainstRegistry,
  judgeManifest,
  type PlannedPackage,
} from '../judge/judge.ts';
import { selectPackages } from '../judge/select.ts';
import { findDiskOutage } from '../pacing/disk-outage.ts';
import { buildLimiter } from '../pacing/limiter.ts';
import { type PackageRun, publishPackage } from '../package/publish-package.ts';
import type { PipelineDeps, Run } from '../run/pipeline.ts';
import { letAncestorsFirst } from './give-way.ts';
import { orderByDependencies } from './order.ts';

export interface DispatchRun {
  readonly results: readonly PackageResult[];
  readonly about: CommitAbout;
  /** Set when the whole commit was judged. */
  readonly judgedBranch: string | undefined;
  /** Some version may still become visible on the registry. */
  readonly isWaiting: boolean;
  /** The longest that a neighbour asked us to wait. */
  readonly retryAfterMs: number;
}

/** What reports and messages show of an entry; the file has all of it. */
const shownMax = 8_000;
/** How many registry documents are looked up at a time. */
const lookupsAtOnce = 16;

/**
 * Commit → report: what one dispatch asks for, done once. Results are saved as they come.
 * Throws Outage (park the job), GaveWay (others first), PublishError (of the dispatch as a whole), or the signal's reason.
 */
export async function publishDispatch(deps: PipelineDeps, run: Run): Promise<DispatchRun> {
  const { job } = run;
  const located = await run.stage('fetch', undefined, async () =>
    deps.source.locate(
      { id: job.repositoryId, slug: job.slug, commit: job.commit, branches: job.branches },
      run.signal,
    ),
  );
  await letAncestorsFirst(deps, run);
  const { tree, selected, unchanged, duplicates, seen } = await selectPackages(deps, run, located);
  await deps.judged.saveSightings(job.repositoryId, seen);
  const judgements = await run.stage('judge', undefined, async () =>
    judgeAll(deps, run, selected, duplicates, located.isDefaultBranch),
  );
  const { branch } = located;
  const commit = await buildCommitContext(deps, run, { branch, selected, unchanged, judgements });
  const settled = judgements.flatMap((judgement) => (judgement.kind === 'settled' ? [judgement.result] : []));
  const planned = judgements.flatMap((judgement): readonly PlannedPackage[] =>
    judgement.kind === 'planned' ? [{ ...judgement.plan, commit }] : [],
  );
  await deps.jobLog.savePackages(job, [...unchanged, ...settled, ...planned.map((plan) => plan.result)]);
  deps.progress.planned(job, planned.length);
  const changelogs = await prepareChangelogs(deps, run, located, tree, planned);
  const runs = await publishInOrder(deps, run, tree, withChangelogs(planned, changelogs), settled);
  return {
    results: [...unchanged, ...settled, ...runs.map((item) => item.result)],
    about: aboutOf(located),
    judgedBranch: isWhole(job) ? located.branch : undefined,
    isWaiting: runs.some((item) => item.kind === 'waiting'),
    retryAfterMs: findLongestPause([...judgements, ...runs]),
  };
}

/** Of a part of its packages nothing follows for the commit. */
function isWhole({ packagePath, onlyPaths }: Job): boolean {
  return packagePath === '' && onlyPaths === undefined;
}

function findLongestPause(items: readonly (Judgement | PackageRun)[]): number {
  return Math.max(0, ...items.map((item) => ('retryAfterMs' in item ? (item.retryAfterMs ?? 0) : 0)));
}

function aboutOf({ subject, author, branch, committedAtMs }: LocatedCommit): CommitAbout {
  return { subject, author, branch, committedAtMs };
}

/** A package that is to be published, with what its version says of itself. */
interface ReadyPackage extends PlannedPackage {
  readonly changelog: PreparedChangelog;
}

function withChangelogs(
  planned: readonly PlannedPackage[],
  changelogs: ReadonlyMap<string, PreparedChangelog>,
): readonly ReadyPackage[] {
  return planned.map((plan) => {
    const changelog = changelogs.get(plan.candidate.path) ?? noChangelog;
    const { body, wordedByModel } = changelog;
    const warnings = [...plan.result.warnings, ...changelog.warnings];
    const shown = body === undefined || body.length <= shownMax ? body : `${body.slice(0, shownMax)}…`;
    return { ...plan, changelog, result: { ...plan.result, changelog: shown, wordedByModel, warnings } };
  });
}

async function judgeAll(
  deps: PipelineDeps,
  run: Run,
  selected: readonly Selected[],
  duplicates: ReadonlyMap<string, string>,
  onDefaultBranch: boolean,
): Promise<readonly Judgement[]> {
  const scopes = run.job.scopes.length > 0 ? run.job.scopes : deps.limits.scopes;
  const repositories = await deps.repositories.list();
  const context: JudgeContext = {
    onDefaultBranch,
    duplicates,
    registeredSlugs: repositories.map((repository) => repository.slug),
  };
  const limit = buildLimiter(lookupsAtOnce);
  return settleOrThrow(
    selected.map(async (item): Promise<Judgement> => {
      const { candidate, parsed } = item;
      const early = judgeManifest(item, scopes);
      if (early !== undefined || parsed.kind !== 'unity') {
        return { kind: 'settled', result: early ?? failedManifest() };
      }
      return limit(async () => judgeAgainstRegistry(deps, run, context, candidate, parsed));
    }),
  );
}

function failedManifest(): never {
  throw new Error('a manifest that is not a Unity manifest was not settled');
}

/** Publishes dependencies before their dependents, independent packages side by side. */
async function publishInOrder(
  deps: PipelineDeps,
  run: Run,
  tree: Tree,
  planned: readonly ReadyPackage[],
  settled: readonly PackageResult[],
): Promise<readonly PackageRun[]> {
  const known = new Map(settled.map((result) => [result.name, Promise.resolve(result)]));
  const limit = buildLimiter(deps.limits.packagesAtOnce);
  const runs = orderByDependencies(planned).map((plan) => {
    const dependencies = Object.entries(plan.manifest.dependencies).flatMap(([name, version]) => {
      const result = known.get(name);
      return result === undefined ? [] : [{ wanted: { name, version }, result }];
    });
    const outcome = publishAfter(deps, run, tree, plan, dependencies, limit);
    const result = outcome.then((item) => item.result);
    // Whoever depends on it sees the error; without dependents nobody would.
    result.catch(() => undefined);
    known.set(plan.manifest.name, result);
    return outcome;
  });
  return settleOrThrow(runs);
}

async function publishAfter(
  deps: PipelineDeps,
  run: Run,
  tree: Tree,
  plan: ReadyPackage,
  dependencies: readonly InJob[],
  limit: ReturnType<typeof buildLimiter>,
): Promise<PackageRun> {
  const awaits = run.job.mode === 'live' ? await listUnpublished(run, plan, dependencies) : [];
  if (awaits.length > 0) {
    const { branch } = plan.commit;
    return keep(deps, run, { kind: 'result', result: held(plan.result, { branch, awaits }) });
  }
  return limit(async () => keep(deps, run, await publishOrFail(deps, run, tree, plan)));
}

/** A dependency that this job has to do with. */
interface InJob {
  /** As the dependent wants it. */
  readonly wanted: AwaitedVersion;
  readonly result: Promise<PackageResult>;
}

/** Which of these did not come through here, and are not on the registry either. Resolves when all of them are over. */
async function listUnpublished(
  run: Run,
  { commit }: PlannedPackage,
  dependencies: readonly InJob[],
): Promise<readonly AwaitedVersion[]> {
  const missing: AwaitedVersion[] = [];
  for (const { wanted, result } of dependencies) {
    const { state, version } = await result;
    if (findVersionProblem(wanted.version) !== undefined) continue;
    if (!mayFollow(state) || (version !== undefined && version !== wanted.version)) continue;
    const packument = await findUnlessRefused(commit, wanted.name, run.signal);
    if (packument?.versions.has(wanted.version) !== true) missing.push(wanted);
  }
  return missing;
}

/** A name that the registry refuses shows no version. */
async function findUnlessRefused(
  { sources }: CommitContext,
  name: string,
  signal: AbortSignal,
): Promise<Packument | undefined> {
  try {
    return await sources.registry.findPackument(name, signal);
  } catch (error) {
    if (error instanceof NameRefusal) return undefined;
    throw error;
  }
}

async function publishOrFail(
  deps: PipelineDeps,
  run: Run,
  tree: Tree,
  plan: ReadyPackage,
): Promise<PackageRun> {
  try {
    return await publishPackage(deps, run, tree, plan, plan.changelog);
  } catch (error) {
    const outage = await findDiskOutage(deps.volume, error);
    if (outage !== undefined) throw outage;
    if (!(error instanceof PublishError)) throw error;
    const retryAfterMs = error instanceof NameRefusal ? error.retryAfterMs : 0;
    return { kind: 'result', result: failed(plan.result, error.failure), retryAfterMs };
  }
}

async function keep(deps: PipelineDeps, run: Run, item: PackageRun): Promise<PackageRun> {
  await deps.jobLog.savePackages(run.job, [item.result]);
  deps.progress.settled(run.job, item.result.name);
  return item;
}

/** Waits for all, so that nothing runs on behind the caller's back; then throws the first error. */
async function settleOrThrow<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((item) => {
    if (item.status === 'rejected') throw item.reason;
    return item.value;
  });
}

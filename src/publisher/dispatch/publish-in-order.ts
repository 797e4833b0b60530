import pLimit, { type LimitFunction } from 'p-limit';
import { PublishError } from '../../domain/failure/failure.ts';
import { NameRefusal } from '../../domain/failure/name-trouble.ts';
import { failed, held, mayFollow } from '../../domain/job/package-result.ts';
import type { AwaitedVersion, PackageResult } from '../../domain/job/report.ts';
import type { Packument } from '../../domain/package/packument.ts';
import type { Tree } from '../../domain/package/tree.ts';
import { findVersionProblem } from '../../domain/package/version-problem.ts';
import type { PreparedChangelog } from '../changelog/prepare-changelogs.ts';
import type { CommitContext, PlannedPackage } from '../judge/judgement.ts';
import { settleAll } from '../pacing/settle-all.ts';
import type { PackageRun } from '../package/package-run.ts';
import { preparePackage } from '../package/prepare-package.ts';
import { findDiskOutage } from '../run/disk-outage.ts';
import type { Run } from '../run/run.ts';
import type { CommitHalf } from './commit-half.ts';
import type { PrepareDeps } from './deps.ts';
import { orderByDependencies } from './order.ts';

/** A package that is to be published, with its changelog. */
export interface ReadyPackage extends PlannedPackage {
  readonly changelog: PreparedChangelog;
}

type PackagesDeps = Pick<PrepareDeps, 'package' | 'packagesAtOnce' | 'volume'>;

/** Prepares and commits dependencies before their dependents, and independent packages side by side. */
export async function publishInOrder(
  deps: PackagesDeps,
  half: CommitHalf,
  run: Run,
  tree: Tree,
  planned: readonly ReadyPackage[],
  settled: readonly PackageResult[],
): Promise<readonly PackageRun[]> {
  const known = new Map(settled.map((result) => [result.name, Promise.resolve(result)]));
  const limit = pLimit(deps.packagesAtOnce);
  const runs = orderByDependencies(planned).map((plan) => {
    const dependencies = Object.entries(plan.manifest.dependencies).flatMap(([name, version]) => {
      const result = known.get(name);
      return result === undefined ? [] : [{ wanted: { name, version }, result }];
    });
    const outcome = publishAfter(deps, half, run, tree, plan, dependencies, limit);
    const result = outcome.then((item) => item.result);
    // Dependents see this error; without dependents the rejection would be unhandled.
    result.catch(() => undefined);
    known.set(plan.manifest.name, result);
    return outcome;
  });
  return settleAll(runs);
}

async function publishAfter(
  deps: PackagesDeps,
  half: CommitHalf,
  run: Run,
  tree: Tree,
  plan: ReadyPackage,
  dependencies: readonly InJob[],
  limit: LimitFunction,
): Promise<PackageRun> {
  const awaits = run.job.mode === 'live' ? await listUnpublished(run, plan, dependencies) : [];
  if (awaits.length > 0) {
    const { branch } = plan.commit;
    return keep(half, { kind: 'result', result: held(plan.result, { branch, awaits }) });
  }
  return limit(async () => keep(half, await publishOrFail(deps, half, run, tree, plan)));
}

/** A dependency that is a package of this job as well. */
interface InJob {
  /** The version that the dependent declares. */
  readonly wanted: AwaitedVersion;
  readonly result: Promise<PackageResult>;
}

/**
 * Waits until these dependencies are over, and returns those that this job left unpublished and the registry does not
 * have either.
 */
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

/** Returns undefined for a name that the registry refuses, since such a name shows no version. */
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
  deps: PackagesDeps,
  half: CommitHalf,
  run: Run,
  tree: Tree,
  plan: ReadyPackage,
): Promise<PackageRun> {
  try {
    const prepared = await preparePackage(deps.package, run, tree, plan, plan.changelog);
    await half.read(plan.commit.versions.takeRead());
    return await half.prepared(prepared);
  } catch (error) {
    const outage = await findDiskOutage(deps.volume, error);
    if (outage !== undefined) throw outage;
    if (!(error instanceof PublishError)) throw error;
    const retryAfterMs = error instanceof NameRefusal ? error.retryAfterMs : 0;
    return { kind: 'result', result: failed(plan.result, error.failure), retryAfterMs };
  }
}

async function keep(half: Pick<CommitHalf, 'settled'>, item: PackageRun): Promise<PackageRun> {
  await half.settled(item.result);
  return item;
}

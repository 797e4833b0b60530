import { Outage } from '../domain/failure.ts';
import type { Finding } from '../domain/report.ts';
import type { IndexedVersion, VersionToIndex } from '../ports/guid-index.ts';
import type { Packed } from '../ports/packer.ts';
import type { StagingFolder } from '../ports/workspace.ts';
import { indexVersion, isJudgedByAll, toIndexed } from './guid-index/index-version.ts';
import type { PlannedPackage } from './judge.ts';
import { visibleAssemblies } from './packed/asmdef.ts';
import { lookUpDependencies } from './packed/dependency-availability.ts';
import type { CommittedFile } from './packed/package.ts';
import { judgePackage, readPackage } from './packed/run-rules.ts';
import type { PipelineDeps, Run } from './pipeline.ts';
import { rules } from './preflight/index.ts';

export interface PackageToCheck {
  readonly plan: PlannedPackage;
  /** Files of the commit, by their paths in the package. */
  readonly committed: readonly CommittedFile[];
  readonly packed: Packed;
  readonly folder: StagingFolder;
}

export interface CheckedPackage {
  /** As the rules found them, blocking ones first. */
  readonly findings: readonly Finding[];
  /** What the version before already had; undefined when there is none, or when that is not known. */
  readonly earlier: readonly Finding[] | undefined;
  /** What is to be kept of it once it is on the registry. */
  readonly indexed: VersionToIndex;
}

/** Gathers what the rules need to know, and runs all of them over what was packed. */
export async function checkPackage(
  deps: PipelineDeps,
  run: Run,
  { plan, committed, packed, folder }: PackageToCheck,
): Promise<CheckedPackage> {
  const { manifest, siblings } = plan;
  const { index, registry } = deps.preflight;
  const previous = await findPrevious(deps, run, plan);
  const { contents, findings: ofFiles } = await readPackage(rules, packed.entries, async (path) =>
    folder.read(path),
  );
  const guids = [...contents.metas.values()].flatMap(({ guid }) => guid ?? []);
  const findings = await judgePackage(
    rules,
    {
      ...contents,
      manifest,
      committed,
      previous,
      siblings,
      publishedAbove: plan.publishedAbove,
      guidOwners: await index.findOwners(guids, manifest.name),
      assemblyOwners: await index.findAssemblyOwners(
        [...visibleAssemblies(contents).values()],
        manifest.name,
      ),
      availability: await lookUpDependencies(registry, manifest.dependencies, siblings, run.signal),
      scopes: [...deps.limits.scopes, ...run.job.scopes],
      registryUrl: registry.url,
      tarballBytes: packed.tarball.bytes,
      sizeWarnBytes: deps.limits.sizeWarnBytes,
      findSecrets: async (files) => deps.secrets.scan(folder.folder, files, run.job.repositoryId, run.signal),
    },
    ofFiles,
  );
  return { findings, earlier: previous?.findings, indexed: toIndexed(manifest, contents, findings) };
}

/**
 * The published version before this one. What somebody else published, or was judged by fewer rules, is read from the
 * registry now: a rule that is new must not stop a package for what it had all along.
 */
async function findPrevious(
  deps: PipelineDeps,
  run: Run,
  { manifest: { name }, publishedBelow }: PlannedPackage,
): Promise<IndexedVersion | undefined> {
  const [version] = publishedBelow;
  if (version === undefined) return undefined;
  const known = await deps.preflight.index.find(name, version);
  if (known !== undefined && isJudgedByAll(known)) return known;
  try {
    return (await indexVersion(deps.preflight, { name, version }, run.signal)) ?? known;
  } catch (error) {
    if (!(error instanceof Outage)) throw error;
    const { number: job } = run.job;
    deps.logger.warn('the version before could not be read', { job, package: name, version, error });
    return known;
  }
}

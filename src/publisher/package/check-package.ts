import { Outage } from '../../domain/failure/failure.ts';
import { NameRefusal } from '../../domain/failure/name-trouble.ts';
import type { AwaitedVersion, Finding } from '../../domain/job/report.ts';
import type { Packed, StagingFolder } from '../../ports/packing.ts';
import type { IndexedVersion, VersionToIndex } from '../../ports/preflight.ts';
import type { PlannedPackage } from '../judge/judgement.ts';
import { visibleAssemblies } from '../preflight/contents/asmdef.ts';
import { type DependencySources, lookUpDependencies } from '../preflight/contents/dependency-availability.ts';
import type { Availability, CommittedFile } from '../preflight/contents/package.ts';
import { findReferenced, listInstalled, listReferences } from '../preflight/contents/references.ts';
import { judgePackage, readPackage } from '../preflight/contents/run-rules.ts';
import { isJudgedByAll, toIndexed } from '../preflight/guid-index/index-version.ts';
import { rules } from '../preflight/rules/index.ts';
import type { Run } from '../run/pipeline.ts';
import type { CheckDeps } from './deps.ts';
import { findRelatives } from './relatives.ts';

export interface PackageToCheck {
  readonly plan: PlannedPackage;
  /** Committed files by their paths in the package. */
  readonly committed: readonly CommittedFile[];
  readonly packed: Packed;
  readonly folder: StagingFolder;
}

export interface CheckedPackage {
  /** Findings as the rules reported them, blocking ones first. */
  readonly findings: readonly Finding[];
  /** Findings of the previous version; undefined when there is no previous version or its findings are not known. */
  readonly earlier: readonly Finding[] | undefined;
  /** Index entry to save once the version is on the registry. */
  readonly indexed: VersionToIndex;
  /** Versions of our own packages that it needs, that are missing and may still come. */
  readonly awaited: readonly AwaitedVersion[];
}

/** Gathers what the rules need to know, and runs all of them over the packed files. */
export async function checkPackage(
  deps: CheckDeps,
  run: Run,
  { plan, committed, packed, folder }: PackageToCheck,
): Promise<CheckedPackage> {
  const { manifest, commit } = plan;
  const { index, registry } = deps;
  const previous = await findPrevious(deps, run, plan);
  const { contents, findings: ofFiles } = await readPackage(rules, packed.entries, async (path) =>
    folder.read(path),
  );
  const guids = [...contents.metas.values()].flatMap(({ guid }) => guid ?? []);
  const guidOwners = await index.findOwners(guids, manifest.name);
  const assemblies = [...visibleAssemblies(contents).values()];
  const assemblyOwners = await index.findAssemblyOwners(assemblies, manifest.name);
  const availability = await lookUpDependencies(commit.sources, manifest.dependencies, run.signal);
  const missing = await listMissing(commit.sources, manifest.dependencies, availability);
  const findings = await judgePackage(
    rules,
    {
      ...contents,
      manifest,
      committed,
      whyNot: packed.whyNot,
      previous,
      isFirst: plan.publishedBelow.length + plan.publishedAbove.length === 0,
      relatives: await findRelatives(deps, run, plan, listNames(guidOwners, assemblyOwners)),
      siblings: commit.siblings,
      besides: new Set(packed.besides),
      publishedAbove: plan.publishedAbove,
      guidOwners,
      assemblyOwners,
      referenced: await findReferenced(index, listReferences(contents), manifest.name),
      installed: await listInstalled(index, manifest.dependencies),
      availability,
      scopes: [...deps.limits.scopes, ...run.job.scopes],
      ours: new Set(missing.map(({ name }) => name)),
      isTrial: run.job.mode === 'shadow',
      registryUrl: registry.url,
      tarballBytes: packed.tarball.bytes,
      sizeWarnBytes: deps.limits.sizeWarnBytes,
      findSecrets: async (files) => deps.secrets.scan(folder.folder, files, run.job.repositoryId, run.signal),
    },
    ofFiles,
  );
  const indexed = toIndexed(manifest, contents, findings);
  const awaited = missing.filter(({ name }) => availability.get(name) !== 'withdrawn');
  return { findings, earlier: previous?.findings, indexed, awaited };
}

/** Lists dependencies on packages of ours that the registry does not have. */
async function listMissing(
  sources: DependencySources,
  dependencies: Readonly<Record<string, string>>,
  availability: ReadonlyMap<string, Availability>,
): Promise<readonly AwaitedVersion[]> {
  const missing: AwaitedVersion[] = [];
  for (const [name, found] of availability) {
    const version = dependencies[name];
    if (found === 'available' || found === 'unknown' || version === undefined) continue;
    if (await sources.isOurs(name)) missing.push({ name, version });
  }
  return missing;
}

function listNames(...owners: readonly ReadonlyMap<string, { readonly name: string }>[]): readonly string[] {
  return owners.flatMap((known) => [...known.values()].map(({ name }) => name));
}

/**
 * Returns the index entry of the previous published version. If somebody else published it, or fewer rules judged it,
 * it is read from the registry now: a new rule must not stop a package for what it always had.
 */
async function findPrevious(
  deps: CheckDeps,
  run: Run,
  { manifest: { name }, publishedBelow, commit: { versions } }: PlannedPackage,
): Promise<IndexedVersion | undefined> {
  const [version] = publishedBelow;
  if (version === undefined) return undefined;
  const known = await deps.index.find(name, version);
  if (known !== undefined && isJudgedByAll(known)) return known;
  try {
    return (await versions.read(name, version, run.signal)) ?? known;
  } catch (error) {
    if (!(error instanceof Outage || error instanceof NameRefusal)) throw error;
    const { number: job } = run.job;
    deps.logger.warn('the version before could not be read', { job, package: name, version, error });
    return known;
  }
}

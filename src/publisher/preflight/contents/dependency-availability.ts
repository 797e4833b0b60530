import pLimit from 'p-limit';
import { Outage } from '../../../domain/failure/failure.ts';
import { NameRefusal } from '../../../domain/failure/name-trouble.ts';
import type { AwaitedVersion } from '../../../domain/job/report.ts';
import { isUnityOwned } from '../../../domain/package/package-name.ts';
import { findVersionProblem } from '../../../domain/package/version-problem.ts';
import type { Registry } from '../../../ports/registry.ts';
import type { Availability } from './package.ts';

const lookupsAtOnce = 8;
/** Most dependencies that are looked up: no package has more, so this limits only a hostile one. */
const lookupsMax = 200;

/** Names a missing dependency in a finding; another version of it gives another finding. */
export function subjectOf({ name, version }: AwaitedVersion): string {
  return `${name}@${version}`;
}

/** Where a dependency may come from. */
export interface DependencySources {
  readonly registry: Pick<Registry, 'findPackument'>;
  /** Versions that this job publishes, by name. */
  readonly arriving: ReadonlyMap<string, string>;
  /** Whether a registered repository publishes the package, or may publish it. */
  isOurs(name: string): Promise<boolean>;
  /** Whether we saw this version on the registry once. */
  wasPublished(name: string, version: string): Promise<boolean>;
}

/**
 * Looks up the dependencies that the registry could have; dependencies that Unity serves itself are left out. If a
 * look-up fails, other people's packages are `unknown`; for our own packages it throws Outage('registry').
 */
export async function lookUpDependencies(
  sources: DependencySources,
  dependencies: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Availability>> {
  const asked = Object.entries(dependencies)
    .filter(([name]) => !isUnityOwned(name))
    .filter(([, version]) => findVersionProblem(version) === undefined)
    .slice(0, lookupsMax);
  const limit = pLimit(lookupsAtOnce);
  const found = await Promise.all(
    asked.map(async ([name, version]) =>
      limit(async () => [name, await lookUp(sources, name, version, signal)] as const),
    ),
  );
  return new Map(found);
}

async function lookUp(
  sources: DependencySources,
  name: string,
  version: string,
  signal: AbortSignal,
): Promise<Availability> {
  if (sources.arriving.get(name) === version) return 'available';
  // Asked before the registry, so that a version that is published between the two is found there.
  const wasPublished = await sources.wasPublished(name, version);
  try {
    const packument = await sources.registry.findPackument(name, signal);
    if (packument?.versions.has(version) === true) return 'available';
    if (wasPublished) return 'withdrawn';
    return packument === undefined ? 'no-such-package' : 'no-such-version';
  } catch (error) {
    const isUnknown = error instanceof Outage || error instanceof NameRefusal;
    if (isUnknown && !(await sources.isOurs(name))) return 'unknown';
    throw error;
  }
}

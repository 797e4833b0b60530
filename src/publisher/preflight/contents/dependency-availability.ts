import pLimit from 'p-limit';
import { Outage } from '../../../domain/failure/failure.ts';
import { NameRefusal } from '../../../domain/failure/name-trouble.ts';
import type { AwaitedVersion } from '../../../domain/job/report.ts';
import { isUnityOwned } from '../../../domain/package/package-name.ts';
import { findVersionProblem } from '../../../domain/package/version-problem.ts';
import type { Registry } from '../../../ports/registry.ts';
import type { Availability } from './package.ts';

const lookupsAtOnce = 8;
/** No package has more; of a hostile one the rest is not looked up. */
const lookupsMax = 200;

/** How a finding of a missing dependency names it: another version of it is another finding. */
export function subjectOf({ name, version }: AwaitedVersion): string {
  return `${name}@${version}`;
}

/** Where a dependency may come from. */
export interface DependencySources {
  readonly registry: Pick<Registry, 'findPackument'>;
  /** Versions that this job publishes, by name. */
  readonly arriving: ReadonlyMap<string, string>;
  /** A package that a registered repository publishes, or may publish. */
  isOurs(name: string): Promise<boolean>;
  /** We saw this version on the registry once. */
  wasPublished(name: string, version: string): Promise<boolean>;
}

/**
 * What there is of the dependencies that the registry could have; whatever Unity serves itself is left out. That other
 * people's packages could not be looked up is `unknown`; of ours it throws Outage('registry').
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
  // Asked first: what is published between the two is on the registry.
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

import { Outage } from '../../domain/failure.ts';
import { NameRefusal } from '../../domain/name-trouble.ts';
import { isUnityOwned } from '../../domain/package-name.ts';
import { findVersionProblem } from '../../domain/version-problem.ts';
import type { Registry } from '../../ports/registry.ts';
import { buildLimiter } from '../limiter.ts';
import type { Availability } from './package.ts';

const lookupsAtOnce = 8;
/** No package has more; of a hostile one the rest is not looked up. */
const lookupsMax = 200;

/** Asks the registry for the dependencies that it could have; whatever Unity serves itself is left out. */
export async function lookUpDependencies(
  registry: Pick<Registry, 'findPackument'>,
  dependencies: Readonly<Record<string, string>>,
  siblings: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Availability>> {
  const asked = Object.entries(dependencies)
    .filter(([name, version]) => !isUnityOwned(name) && siblings.get(name) !== version)
    .filter(([, version]) => findVersionProblem(version) === undefined)
    .slice(0, lookupsMax);
  const limit = buildLimiter(lookupsAtOnce);
  const found = await Promise.all(
    asked.map(async ([name, version]) =>
      limit(async () => [name, await lookUp(registry, name, version, signal)] as const),
    ),
  );
  return new Map(found);
}

async function lookUp(
  registry: Pick<Registry, 'findPackument'>,
  name: string,
  version: string,
  signal: AbortSignal,
): Promise<Availability> {
  try {
    const packument = await registry.findPackument(name, signal);
    if (packument === undefined) return 'no-such-package';
    return packument.versions.has(version) ? 'available' : 'no-such-version';
  } catch (error) {
    if (error instanceof Outage || error instanceof NameRefusal) return 'unknown';
    throw error;
  }
}

import type { StoredVersion } from '../../../domain/announcement/daily-check.ts';
import type { Anomaly } from '../../../domain/job/anomaly.ts';
import { compareHashes } from '../../../domain/package/integrity.ts';
import type { Packument } from '../../../domain/package/packument.ts';
import { highestOf, isHigher, isPrerelease } from '../../../domain/package/version.ts';

export interface KnownOfName {
  /** Versions that we published under the name. */
  readonly stored: readonly StoredVersion[];
  /** The highest stable version to which `latest` pointed before. */
  readonly latestBefore: string | undefined;
}

/**
 * Finds what is wrong in the registry's document for a name; undefined for a name that the registry does not have.
 * Pure.
 */
export function inspectPackument(
  name: string,
  packument: Packument | undefined,
  known: KnownOfName,
): readonly Anomaly[] {
  const versions = packument?.versions ?? new Map();
  const gone = known.stored.flatMap(({ version }) => (versions.has(version) ? [] : [version]));
  const replaced = known.stored.filter(
    (stored) => compareHashes(packument?.versions.get(stored.version)?.integrity, stored) === 'other',
  );
  return [
    ...(gone.length === 0 ? [] : [{ kind: 'version-gone' as const, name, versions: gone }]),
    ...replaced.map(({ version }) => ({ kind: 'integrity-differs' as const, name, version })),
    ...(packument === undefined ? [] : inspectLatest(packument, known.latestBefore)),
  ];
}

function inspectLatest(packument: Packument, before: string | undefined): readonly Anomaly[] {
  const { name, versions } = packument;
  const latest = latestOf(packument);
  const stable = highestOf([...versions.keys()].filter((version) => !isPrerelease(version)));
  if (stable === undefined || latest === stable) return [];
  if (latest !== undefined && isPrerelease(latest))
    return [{ kind: 'latest-is-prerelease', name, latest, stable }];
  const wasHigher = before !== undefined && versions.has(before) && isBelow(latest, before);
  return wasHigher
    ? [{ kind: 'latest-went-back', name, latest, before }]
    : [{ kind: 'latest-is-not-highest', name, latest, stable }];
}

/** Returns the version of `latest`; a tag that points to a missing version does not count. */
function latestOf({ distTags, versions }: Packument): string | undefined {
  const latest = distTags['latest'];
  return latest !== undefined && versions.has(latest) ? latest : undefined;
}

function isBelow(latest: string | undefined, before: string): boolean {
  return latest === undefined || isHigher(before, latest);
}

/** Returns the version to remember as the highest `latest`. A version that is gone is not a measure any more. */
export function rememberLatest(
  packument: Packument | undefined,
  before: string | undefined,
): string | undefined {
  if (packument === undefined) return undefined;
  const latest = latestOf(packument);
  const candidates = [latest, before].filter(
    (version) => version !== undefined && packument.versions.has(version) && !isPrerelease(version),
  );
  return highestOf(candidates as readonly string[]);
}

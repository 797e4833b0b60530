import semver from 'semver';

export function isPrerelease(version: string): boolean {
  return (semver.prerelease(version)?.length ?? 0) > 0;
}

export function isHigher(a: string, b: string): boolean {
  return semver.gt(a, b);
}

/** Compares versions for sorting, lowest first. */
export function compareVersions(a: string, b: string): number {
  return semver.compare(a, b);
}

/** Returns the release line of a version: `1.4.2` → `1.4`. */
export function releaseLineOf(version: string): string {
  return `${semver.major(version)}.${semver.minor(version)}`;
}

export function highestOf(versions: Iterable<string>): string | undefined {
  let best: string | undefined;
  for (const version of versions) if (best === undefined || semver.gt(version, best)) best = version;
  return best;
}

/**
 * Returns the published version that this one would have to be higher than; undefined when nothing bars it. Prereleases
 * bar only while there is no stable version, and never a stable one: a first release is no step back.
 */
export function findBar(
  version: string,
  published: { readonly highest: string | undefined; readonly highestStable: string | undefined },
): string | undefined {
  const bar = published.highestStable ?? published.highest;
  if (bar === undefined || semver.gt(version, bar)) return undefined;
  return published.highestStable === undefined && !isPrerelease(version) ? undefined : bar;
}

export function highestFirst(versions: readonly string[]): readonly string[] {
  return semver.rsort([...versions]);
}

/**
 * Returns the identifier of a prerelease as a dist-tag (`1.0.0-beta.2` → `beta`), or `next` when it cannot be a
 * dist-tag.
 */
export function prereleaseTagOf(version: string): string {
  const first = semver.prerelease(version)?.[0];
  if (typeof first !== 'string') return 'next';
  const tag = first.toLowerCase();
  // npm refuses tags that read as a semver range.
  const isLegal = /^[a-z][a-z0-9._-]{0,63}$/.test(tag) && tag !== 'latest' && semver.validRange(tag) === null;
  return isLegal ? tag : 'next';
}

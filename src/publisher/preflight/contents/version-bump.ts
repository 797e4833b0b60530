import semver from 'semver';

export type BumpKind = 'major' | 'minor' | 'patch' | 'prerelease';

/**
 * Compares a published version with a higher one; `prerelease` when either is a prerelease. Undefined when they
 * cannot be compared.
 */
export function findBumpKind(from: string, to: string): BumpKind | undefined {
  const before = semver.parse(from);
  const after = semver.parse(to);
  if (before === null || after === null) return undefined;
  if (before.prerelease.length > 0 || after.prerelease.length > 0) return 'prerelease';
  if (before.major !== after.major) return 'major';
  return before.minor === after.minor ? 'patch' : 'minor';
}

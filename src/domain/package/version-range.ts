import { compareVersions } from './version.ts';

/** What the versions of a package have in common from the first to the last that has it. */
export interface RangeOfPath {
  readonly first: string;
  readonly last: string;
  /** Where the newest of them has it. */
  readonly path: string;
}

/** The range once `version` is known to have it at `path`; `known` is what was known before. */
export function widenRange(known: RangeOfPath | undefined, version: string, path: string): RangeOfPath {
  if (known === undefined) return { first: version, last: version, path };
  const isNewest = compareVersions(version, known.last) >= 0;
  return {
    first: compareVersions(version, known.first) < 0 ? version : known.first,
    last: isNewest ? version : known.last,
    path: isNewest ? path : known.path,
  };
}

export function isWithin({ first, last }: Omit<RangeOfPath, 'path'>, version: string): boolean {
  return compareVersions(first, version) <= 0 && compareVersions(version, last) <= 0;
}

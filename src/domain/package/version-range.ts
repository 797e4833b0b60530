import { compareVersions } from './version.ts';

/** A range of a package's versions, from the first to the last that has something, for example one GUID. */
export interface RangeOfPath {
  readonly first: string;
  readonly last: string;
  /** Path of it in the newest of these versions. */
  readonly path: string;
}

/** Returns the range once `version` is known to have it at `path`; `known` is the range before. */
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

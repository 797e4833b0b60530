import type { PublishMode } from '../repository/repository.ts';
import { mayFollow } from './package-result.ts';
import type { PackageResult, PackageState } from './report.ts';

/**
 * A stored result that is parsed only when it is read, since there can be thousands of results of unchanged packages.
 */
export interface StoredResult {
  readonly path: string;
  readonly state: PackageState;
  readonly read: () => PackageResult;
}

export interface JudgedPackages {
  /** Packages that were left unpublished; a later job may publish them. */
  readonly open: readonly PackageResult[];
  /** Folders without an open package. */
  readonly through: readonly string[];
  /** Folders about which the job says nothing. */
  readonly unchanged: ReadonlySet<string>;
}

/** Sorts what a job judged. `asBefore` are results that are stored as unchanged, and are open nevertheless. Pure. */
export function sortJudged(
  mode: PublishMode,
  stored: readonly StoredResult[],
  asBefore: readonly PackageResult[],
): JudgedPackages {
  const again = new Map(asBefore.map((result) => [result.path, result]));
  const judged = stored
    .filter(({ path, state }) => state !== 'unchanged' || again.has(path))
    .map(({ path, read }) => again.get(path) ?? read());
  const open = judged.filter(({ state }) => isOpen(mode, state));
  const judgedPaths = new Set(judged.map(({ path }) => path));
  return {
    open,
    through: judged.filter((result) => !open.includes(result)).map(({ path }) => path),
    unchanged: new Set(stored.map(({ path }) => path).filter((path) => !judgedPaths.has(path))),
  };
}

function isOpen(mode: PublishMode, state: PackageState): boolean {
  // What shadow mode left to another publisher must not be published by us once the repository goes live.
  if (mode === 'shadow' && state === 'not-attempted') return false;
  return mayFollow(state);
}

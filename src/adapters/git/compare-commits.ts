import type { CommitSha } from '../../domain/repository/repository.ts';
import { ancestorsSearched, type LocalDeps } from './find-commit.ts';
import type { Mirror } from './mirrors.ts';

/** A sha and its line feed. */
const bytesPerLine = 41;

/**
 * Those of `others` that `commit` builds on, oldest first; itself is none of them. One `git rev-list` over its history,
 * as far back as anything is searched.
 */
export async function listAncestors(
  deps: LocalDeps,
  mirror: Mirror,
  commit: CommitSha,
  others: readonly CommitSha[],
  signal: AbortSignal,
): Promise<readonly CommitSha[] | 'unreadable'> {
  const wanted: ReadonlySet<string> = new Set(others.filter((other) => other !== commit));
  if (wanted.size === 0) return [];
  const found = await listRevisions(deps, mirror, ['--topo-order'], [commit], signal);
  return found === 'unreadable' ? found : found.filter((sha) => wanted.has(sha)).toReversed();
}

/**
 * Those of `others` that build on `commit`; itself is none of them. One `git rev-list` of what lies between; what the
 * mirror does not hold any more builds on nothing.
 */
export async function listDescendants(
  deps: LocalDeps,
  mirror: Mirror,
  commit: CommitSha,
  others: readonly CommitSha[],
  signal: AbortSignal,
): Promise<readonly CommitSha[] | 'unreadable'> {
  const wanted = new Set(others.filter((other) => other !== commit));
  if (wanted.size === 0) return [];
  const walk = ['--ancestry-path', '--ignore-missing'];
  const found = await listRevisions(deps, mirror, walk, [...wanted, `^${commit}`], signal);
  return found === 'unreadable' ? found : found.filter((sha) => wanted.has(sha));
}

async function listRevisions(
  deps: LocalDeps,
  mirror: Mirror,
  walk: readonly string[],
  range: readonly string[],
  signal: AbortSignal,
): Promise<readonly CommitSha[] | 'unreadable'> {
  const args = ['rev-list', ...walk, `--max-count=${ancestorsSearched}`, '--end-of-options', ...range];
  const outputMaxBytes = ancestorsSearched * bytesPerLine;
  const listed = await deps.run(['-C', mirror.folder, ...args], signal, outputMaxBytes);
  if (listed.code !== 0) return 'unreadable';
  return listed.stdout.toString('latin1').split('\n') as CommitSha[];
}

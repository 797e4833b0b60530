import type { CommitSha } from '../../domain/repository/repository.ts';
import type { History } from '../../ports/git.ts';
import type { LocalDeps } from './find-commit.ts';
import type { Mirror } from './mirrors.ts';
import { historyFormat, parseHistory } from './parse-history.ts';

/** Limits the history to what a reader of a changelog can use, so that a publish is not delayed. */
const commitsMax = 5_000;
const outputMaxBytes = 64 * 1024 * 1024;
const patienceMs = 20_000;

/**
 * Lists the commits of `head` that the common base of `known` does not contain, with one `git log` over commits and
 * trees. Rename detection is off because it reads file contents, which the mirror may lack. Throws when the mirror
 * lacks the history or reading it takes too long.
 */
export async function listHistory(
  deps: LocalDeps,
  mirror: Mirror,
  head: CommitSha,
  known: readonly CommitSha[],
  signal: AbortSignal,
): Promise<History> {
  return withPatience(signal, async (either) => {
    const base = await findCommonBase(deps, mirror, [...new Set(known)], either);
    const range = [head, ...(base === undefined ? [] : [`^${base}`])];
    return readLog(deps, mirror, ['--topo-order', '--ignore-missing'], range, either);
  });
}

/** Like listHistory, but follows first parents only; a merge is listed with its changes against its first parent. */
export async function listLine(
  deps: LocalDeps,
  mirror: Mirror,
  head: CommitSha,
  base: CommitSha,
  signal: AbortSignal,
): Promise<History> {
  return withPatience(signal, async (either) =>
    readLog(deps, mirror, ['--first-parent', '--diff-merges=first-parent'], [head, `^${base}`], either),
  );
}

async function withPatience<T>(signal: AbortSignal, read: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const either = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  try {
    return await read(either);
  } catch (error) {
    signal.throwIfAborted();
    throw either.aborted ? new Error('the history took too long to read', { cause: error }) : error;
  }
}

async function readLog(
  deps: LocalDeps,
  mirror: Mirror,
  walk: readonly string[],
  range: readonly string[],
  signal: AbortSignal,
): Promise<History> {
  const log = ['log', ...walk, '--raw', '-r', '-z', '--no-renames', '--no-abbrev', '--no-mailmap'];
  const limits = ['--no-show-signature', '--encoding=UTF-8', `--max-count=${commitsMax}`];
  const args = [...log, ...limits, `--format=${historyFormat}`, '--end-of-options'];
  const listed = await deps.run(['-C', mirror.folder, ...args, ...range], signal, outputMaxBytes);
  if (listed.code !== 0 && !listed.isCut) throw new Error('the mirror does not hold this history');
  const commits = parseHistory(listed.stdout, listed.isCut);
  return { commits, isComplete: !listed.isCut && commits.length < commitsMax };
}

/** Returns the common ancestor of all known commits; a single commit is returned without running git. */
async function findCommonBase(
  deps: LocalDeps,
  mirror: Mirror,
  known: readonly CommitSha[],
  signal: AbortSignal,
): Promise<string | undefined> {
  if (known.length <= 1) return known[0];
  const args = ['-C', mirror.folder, 'merge-base', '--octopus', ...known];
  const found = await deps.run(args, signal);
  return /^[0-9a-f]{40}$/.exec(found.stdout.toString('latin1').trim())?.[0];
}

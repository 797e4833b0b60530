import type { CommitSha } from '../../domain/repository/repository.ts';
import type { LocatedCommit } from '../../ports/git.ts';
import { branchOfRef, headRef, matchesBranch } from './branches.ts';
import type { Mirror } from './mirrors.ts';
import type { ObjectInfo, ObjectReader } from './object-reader.ts';
import { parseCommit, parseParents } from './parse-git.ts';
import type { Readers } from './readers.ts';
import type { GitCommand, GitResult } from './run-git.ts';

/** Reads mirrors, never the git host. */
export interface LocalDeps {
  readonly readers: Readers;
  readonly run: (
    args: readonly string[],
    signal: AbortSignal,
    maxOutputBytes?: number,
    take?: GitCommand['take'],
  ) => Promise<GitResult>;
}

/** How many commits of a history are looked through. */
export const ancestorsSearched = 50_000;
/** What lies behind this in a commit object is dropped. */
const commitMaxBytes = 1024 * 1024;

export interface BranchQuestion {
  readonly commit: CommitSha;
  readonly patterns: readonly string[];
  /** The branch it is known to be on by now: a mirror that does not know that either is not believed. */
  readonly seenOn?: string | undefined;
}

/** The allowed branch the commit lies on, as far as the mirror knows. */
export async function findBranch(
  deps: LocalDeps,
  mirror: Mirror,
  { commit, patterns, seenOn }: BranchQuestion,
  signal: AbortSignal,
): Promise<LocatedCommit | undefined> {
  const seen = await readCommit(deps, mirror, commit, signal);
  if (seen === undefined) return undefined;
  const listed = seen.isTip ? [headRef] : await listRefsWith(deps, mirror, commit, signal);
  const isDefaultBranch = listed.includes(headRef);
  const others = listed.map(branchOfRef);
  // On the default branch it is judged as such, wherever else it lies.
  if (!isDefaultBranch && seenOn !== undefined && !others.includes(seenOn)) return undefined;
  const branch = isDefaultBranch
    ? mirror.defaultBranch
    : others.find((item) => item !== undefined && matchesBranch(item, patterns));
  return branch === undefined ? undefined : { branch, isDefaultBranch, ...parseCommit(seen.raw) };
}

/** The first of `judged` in the commit's history. */
export async function findNearest(
  deps: LocalDeps,
  mirror: Mirror,
  commit: CommitSha,
  judged: readonly CommitSha[],
  signal: AbortSignal,
): Promise<CommitSha | undefined | 'unreadable'> {
  const wanted: ReadonlySet<string> = new Set(judged);
  if (wanted.has(commit)) return commit;
  // The common push, without a process of its own: one commit on top of the last judged one.
  const [parent, ...others] = parseParents((await readCommit(deps, mirror, commit, signal))?.raw);
  if (parent !== undefined && others.length === 0 && wanted.has(parent)) return parent;
  const args = ['rev-list', '--topo-order', `--max-count=${ancestorsSearched}`, '--end-of-options', commit];
  const listed = await deps.run(['-C', mirror.folder, ...args], signal, ancestorsSearched * 41);
  if (listed.code !== 0) return 'unreadable';
  const lines = listed.stdout.toString('latin1').split('\n');
  return lines.find((sha) => wanted.has(sha)) as CommitSha | undefined;
}

/** Undefined when the mirror does not hold it, or cannot be read. `isTip`: HEAD stands there. */
async function readCommit(
  deps: LocalDeps,
  mirror: Mirror,
  commit: CommitSha,
  signal: AbortSignal,
): Promise<{ readonly raw: Buffer; readonly isTip: boolean } | undefined> {
  try {
    return await deps.readers.use(mirror, signal, async (reader) => {
      const [info] = await reader.list([commit]);
      if (info?.type !== 'commit') return undefined;
      const isTip = (await reader.resolve(headRef)) === commit;
      reader.request([commit]);
      return { raw: await readStart(reader, info), isTip };
    });
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** All of an object is read, as it must be, but only its start is held. */
async function readStart(reader: ObjectReader, info: ObjectInfo): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of reader.content(info)) {
    if (bytes < commitMaxBytes) chunks.push(chunk);
    bytes += chunk.length;
  }
  return Buffer.concat(chunks).subarray(0, commitMaxBytes);
}

/** The refs whose history holds the commit. */
async function listRefsWith(
  deps: LocalDeps,
  mirror: Mirror,
  commit: CommitSha,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const args = ['for-each-ref', `--contains=${commit}`, '--format=%(refname)', 'refs/publisher'];
  const refs = await deps.run(['-C', mirror.folder, ...args], signal);
  return refs.code === 0 ? refs.stdout.toString('utf8').split('\n') : [];
}

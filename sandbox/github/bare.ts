import { readHead, readRef } from '../bare-repository.ts';
import { gitBytes, gitSync } from '../git-sync.ts';

/**
 * Answers about a bare repository are read from it each time, so that the API and a clone cannot disagree. Only what
 * follows from object ids alone is remembered.
 */

export interface CommitShown {
  readonly sha: string;
  readonly tree: string;
  readonly message: string;
  readonly author: string;
  readonly email: string;
  /** ISO 8601. */
  readonly date: string;
  readonly parents: readonly string[];
}

const byIds = new Map<string, unknown>();

/**
 * Calls `read` once for these ids of a repository and remembers the result, but not `undefined`: the objects may
 * arrive later.
 */
function remembered<Value>(ids: readonly string[], read: () => Value | undefined): Value | undefined {
  const key = ids.join('\0');
  const value = byIds.has(key) ? (byIds.get(key) as Value) : read();
  if (value !== undefined) byIds.set(key, value);
  return value;
}

function tryGit(bare: string, args: readonly string[], input?: string | Buffer): string | undefined {
  try {
    return gitSync(['-C', bare, ...args], input);
  } catch {
    return undefined;
  }
}

export function defaultBranchOf(bare: string): string {
  return readHead(bare).slice('refs/heads/'.length);
}

export function tipOf(bare: string, branch: string): string | undefined {
  return readRef(bare, `refs/heads/${branch}`);
}

export function listBranches(bare: string): readonly { readonly name: string; readonly sha: string }[] {
  const lines = gitSync(['-C', bare, 'for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads']);
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ sha: line.slice(0, 40), name: line.slice(41 + 'refs/heads/'.length) }));
}

export function setTip(bare: string, branch: string, sha: string): void {
  gitSync(['-C', bare, 'update-ref', `refs/heads/${branch}`, sha]);
}

/** Sets the ref under which GitHub keeps the head of a pull request, also of one from a fork. */
export function setPullHead(bare: string, pull: number, sha: string): void {
  gitSync(['-C', bare, 'update-ref', `refs/pull/${pull}/head`, sha]);
}

export function deleteBranch(bare: string, branch: string): void {
  gitSync(['-C', bare, 'update-ref', '-d', `refs/heads/${branch}`]);
}

/** Renames the default branch; HEAD follows. */
export function renameDefaultBranch(bare: string, to: string): void {
  const from = defaultBranchOf(bare);
  const tip = tipOf(bare, from);
  if (tip !== undefined) setTip(bare, to, tip);
  gitSync(['-C', bare, 'symbolic-ref', 'HEAD', `refs/heads/${to}`]);
  if (tip !== undefined) deleteBranch(bare, from);
}

export function isAncestor(bare: string, ancestor: string, of: string): boolean {
  return tryGit(bare, ['merge-base', '--is-ancestor', ancestor, of]) !== undefined;
}

export function readCommit(bare: string, sha: string): CommitShown | undefined {
  if (!/^[0-9a-f]{40}$/.test(sha)) return undefined;
  return remembered(['commit', bare, sha], () => loadCommit(bare, sha));
}

function loadCommit(bare: string, sha: string): CommitShown | undefined {
  const format = '%H%x00%T%x00%an%x00%ae%x00%aI%x00%P%x00%B';
  const text = tryGit(bare, ['log', '-1', `--format=${format}`, sha]);
  if (text === undefined) return undefined;
  const [found = '', tree = '', author = '', email = '', date = '', parents = '', message = ''] =
    text.split('\0');
  return {
    sha: found,
    tree,
    author,
    email,
    date,
    message,
    parents: parents.split(' ').filter((parent) => parent !== ''),
  };
}

export interface BlobShown {
  readonly oid: string;
  readonly content: Buffer;
}

/** Reads a file at a branch or commit (`at`); undefined when there is none, or when it is a folder. */
export function readFile(bare: string, at: string, path: string): BlobShown | undefined {
  const commit = tipOf(bare, at) ?? at;
  return remembered(['file', bare, commit, path], () => loadFile(bare, commit, path)) ?? undefined;
}

/** Null when this commit has no such file, undefined when there is no such commit. */
function loadFile(bare: string, commit: string, path: string): BlobShown | null | undefined {
  const listed = tryGit(bare, ['ls-tree', commit, '--', path]);
  if (listed === undefined) return undefined;
  const [, type, oid] = /^\d+ (\w+) ([0-9a-f]{40})\t/.exec(listed) ?? [];
  if (type !== 'blob' || oid === undefined) return null;
  return { oid, content: gitBytes(['-C', bare, 'cat-file', 'blob', oid]) };
}

/** Returns whether two branches merge without a conflict. */
export function canMerge(bare: string, base: string, head: string): boolean {
  const [left, right] = [tipOf(bare, base), tipOf(bare, head)];
  return left !== undefined && right !== undefined && mergedTree(bare, left, right) !== null;
}

/** Returns the merged tree; null when the two conflict. */
function mergedTree(bare: string, left: string, right: string): string | null {
  const read = () => tryGit(bare, ['merge-tree', '--write-tree', left, right])?.slice(0, 40) ?? null;
  return remembered(['merge', bare, left, right], read) ?? null;
}

/** Makes a merge commit on `base` and returns it; undefined when the two conflict. */
export function mergeInto(bare: string, base: string, head: string, message: string): string | undefined {
  const left = tipOf(bare, base);
  if (left === undefined) return undefined;
  const tree = mergedTree(bare, left, head);
  if (tree === null) return undefined;
  const who = ['-c', 'user.name=Ada Example', '-c', 'user.email=ada@studio.test'];
  const sha = gitSync(['-C', bare, ...who, 'commit-tree', tree, '-p', left, '-p', head, '-m', message]);
  setTip(bare, base, sha);
  return sha;
}

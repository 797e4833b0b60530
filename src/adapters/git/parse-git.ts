import type { CommitSha } from '../../domain/repository.ts';
import type { Tree, TreeEntry } from '../../domain/tree.ts';

const modes: readonly string[] = ['100644', '100755', '120000', '160000'];

/** Records of `git ls-tree -r -z`: `<mode> <type> <oid>\t<path>`. Undefined when there are more than `maxFiles`. */
export function parseTree(bytes: Buffer, maxFiles: number): Tree | undefined {
  const entries: TreeEntry[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(0, from);
    if (end < 0) break;
    if (entries.length >= maxFiles) return undefined;
    const record = bytes.toString('utf8', from, end);
    from = end + 1;
    const tab = record.indexOf('\t');
    const [mode = '', , oid = ''] = record.slice(0, tab).split(' ');
    // Old tools wrote 100664; git reads every such mode as a plain file.
    const known = modes.includes(mode) ? (mode as TreeEntry['mode']) : '100644';
    entries.push({ mode: known, oid, path: record.slice(tab + 1) });
  }
  return entries;
}

export interface CommitFacts {
  readonly committedAtMs: number;
  readonly author: string;
  readonly subject: string;
}

/** What a Date can hold; git lets a committer write any number. */
const latestMs = 8.64e15;
const subjectMax = 300;
const authorMax = 100;

/** A raw commit object. Its text is anybody's: cut, and never interpreted. */
export function parseCommit(bytes: Buffer): CommitFacts {
  const text = bytes.toString('utf8');
  const split = text.indexOf('\n\n');
  const head = split < 0 ? text : text.slice(0, split);
  const message = split < 0 ? '' : text.slice(split + 2);
  const seconds = Number(/^committer .*> (-?\d+) /m.exec(head)?.[1] ?? 0);
  const author = /^author (.*?) ?<[^\n]*$/m.exec(head)?.[1] ?? '';
  return {
    committedAtMs: Math.abs(seconds * 1000) <= latestMs ? seconds * 1000 : 0,
    author: author.slice(0, authorMax),
    subject: (message.trimStart().split('\n')[0] ?? '').trim().slice(0, subjectMax),
  };
}

/** The parents of a raw commit object, where git itself looks for them. */
export function parseParents(bytes: Buffer | undefined): readonly CommitSha[] {
  const lines = bytes?.toString('latin1').split('\n').slice(1) ?? [];
  const end = lines.findIndex((line) => !/^parent [0-9a-f]{40}$/.test(line));
  return lines.slice(0, Math.max(end, 0)).map((line) => line.slice('parent '.length) as CommitSha);
}

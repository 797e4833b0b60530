import type { Tree, TreeEntry } from '../../domain/package/tree.ts';
import type { CommitSha } from '../../domain/repository/repository.ts';

const modes: readonly string[] = ['100644', '100755', '120000', '160000'];

/** No file system takes a longer path; one record of a tree holds little more. */
const recordMaxBytes = 16 * 1024;

export interface TreeParser {
  /** False once there are more than `maxFiles`, or a record that is too long. */
  readonly take: (piece: Buffer) => boolean;
  finish(): Tree;
}

/** Reads the records of `git ls-tree -r -z`, `<mode> <type> <oid>\t<path>`, as they come. */
export function buildTreeParser(maxFiles: number): TreeParser {
  const entries: TreeEntry[] = [];
  let rest: Buffer = Buffer.alloc(0);
  return {
    take: (piece) => {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
      let from = 0;
      for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, from)) {
        if (entries.length >= maxFiles) return false;
        entries.push(parseEntry(bytes.toString('utf8', from, end)));
        from = end + 1;
      }
      rest = bytes.subarray(from);
      return rest.length <= recordMaxBytes;
    },
    finish: () => entries,
  };
}

function parseEntry(record: string): TreeEntry {
  const tab = record.indexOf('\t');
  const [mode = '', , oid = ''] = record.slice(0, tab).split(' ');
  // Old tools wrote 100664; git reads every such mode as a plain file.
  const known = modes.includes(mode) ? (mode as TreeEntry['mode']) : '100644';
  return { mode: known, oid, path: record.slice(tab + 1) };
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

import type { CommitSha } from '../../domain/repository/repository.ts';

export interface CommitFacts {
  readonly committedAtMs: number;
  readonly author: string;
  readonly subject: string;
}

/** The latest time a Date can hold, in ms; git accepts any number as a commit time. */
const latestMs = 8.64e15;
const subjectMax = 300;
const authorMax = 100;

/** Parses a raw commit object. Its author and subject are untrusted text: they are truncated and never interpreted. */
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

/** Returns the parents of a raw commit object, read from the same header lines that git reads. */
export function parseParents(bytes: Buffer | undefined): readonly CommitSha[] {
  const lines = bytes?.toString('latin1').split('\n').slice(1) ?? [];
  const end = lines.findIndex((line) => !/^parent [0-9a-f]{40}$/.test(line));
  return lines.slice(0, Math.max(end, 0)).map((line) => line.slice('parent '.length) as CommitSha);
}

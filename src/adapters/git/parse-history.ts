import type { FileChange, HistoryCommit } from '../../domain/changelog/changelog.ts';
import { parseCommitSha } from '../../domain/repository/repository.ts';

/** Fields end with NUL, which neither a message nor a path can hold. */
export const historyFormat = '%x01%H%x00%P%x00%an%x00%ae%x00%at%x00%B%x00';

const headerMark = '\x01';
const fieldsOfHeader = 6;
const subjectMax = 300;
const bodyMax = 8_000;
const nameMax = 100;

/** Output of `git log --raw -z` in our format. A commit that is cut off at the end is left out. */
export function parseHistory(bytes: Buffer, isCut: boolean): readonly HistoryCommit[] {
  const fields = bytes.toString('utf8').split('\0');
  const commits: HistoryCommit[] = [];
  let at = 0;
  while (at < fields.length) {
    const field = (fields[at] ?? '').trimStart();
    if (!field.startsWith(headerMark)) {
      at++;
      continue;
    }
    const header = fields.slice(at, at + fieldsOfHeader);
    const { changes, next } = parseChanges(fields, at + fieldsOfHeader);
    const commit = parseHeader([field.slice(1), ...header.slice(1)], changes);
    if (commit !== undefined) commits.push(commit);
    at = next;
  }
  return isCut ? commits.slice(0, -1) : commits;
}

function parseHeader(
  [sha = '', parents = '', author = '', email = '', at = '', message = '']: readonly string[],
  changes: readonly FileChange[],
): HistoryCommit | undefined {
  const commit = parseCommitSha(sha);
  if (commit === undefined) return undefined;
  return {
    commit,
    parents: parents.split(' ').flatMap((parent) => parseCommitSha(parent) ?? []),
    author: author.slice(0, nameMax),
    email: email.slice(0, nameMax),
    authoredAt: Number(at) || 0,
    ...splitMessage(message.trimStart()),
    changes,
  };
}

function splitMessage(text: string): Pick<HistoryCommit, 'subject' | 'body'> {
  const end = text.indexOf('\n');
  return {
    subject: (end < 0 ? text : text.slice(0, end)).trim().slice(0, subjectMax),
    body: end < 0 ? '' : text.slice(end + 1, end + 1 + bodyMax).trim(),
  };
}

/** Records `:<mode> <mode> <oid> <oid> <status>` and the path behind each. */
function parseChanges(
  fields: readonly string[],
  from: number,
): { readonly changes: readonly FileChange[]; readonly next: number } {
  const changes: FileChange[] = [];
  let at = from;
  while (at < fields.length) {
    const record = (fields[at] ?? '').replace(/^\n+/, '');
    if (record.startsWith(headerMark)) break;
    if (!record.startsWith(':')) {
      at++;
      continue;
    }
    const [, , before = '', after = ''] = record.split(' ');
    const path = fields[at + 1];
    if (path !== undefined) changes.push({ path, before: oidOf(before), after: oidOf(after) });
    at += 2;
  }
  return { changes, next: at };
}

function oidOf(text: string): string | undefined {
  return /^0+$/.test(text) ? undefined : text;
}

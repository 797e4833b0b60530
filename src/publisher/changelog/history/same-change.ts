import type { HistoryCommit } from '../../../domain/changelog/changelog.ts';
import { dropNumbers } from './read-revert.ts';
import { isUntold } from './untold.ts';

/** What a commit did to one file of a package; the path is relative to the package. */
export interface PackageChange {
  readonly path: string;
  /** Object id of the file's contents; undefined when the file is gone. */
  readonly after: string | undefined;
}

export interface PackageCommit {
  readonly commit: HistoryCommit;
  readonly changes: readonly PackageChange[];
}

const pickedFrom = /\(cherry picked from commit ([0-9a-f]{40})\)/g;
/** Start of the title of a pull request that brings a change to another branch. */
const ofBackport = /^\[[^\]]{1,80}\]:?\s*|^(?:backport|cherry-pick)(?:\([^)]{0,60}\))?:\s*/i;
const listed = /^\* (\S.*)$/gm;

/**
 * Returns a function that recognises commits that were already published from another branch: picked, rebased, or
 * squashed into one. Only commits and trees are at hand, so patches cannot be compared. A commit is recognised by the
 * same contents at the same places, by author and time, by the notes of git and git hosts, or by the same words with
 * the same number.
 */
export function buildSameChange(published: readonly PackageCommit[]): (candidate: PackageCommit) => boolean {
  const contents = new Set(published.flatMap(({ changes }) => changes.map(contentKey)));
  const commits = published.map(({ commit }) => commit);
  const authored = new Set(published.flatMap(authorKeys));
  const ids = new Set<string>(commits.map(({ commit }) => commit));
  const picked = new Set(commits.flatMap(listPicked));
  const titles = new Set(commits.flatMap(titleKeys));
  const subjects = new Set(commits.map(({ subject }) => dropNumbers(subject)));
  return ({ commit, changes }) =>
    (changes.length > 0 && changes.every((change) => contents.has(contentKey(change)))) ||
    authorKeys({ commit, changes }).some((key) => authored.has(key)) ||
    picked.has(commit.commit) ||
    listPicked(commit).some((id) => ids.has(id)) ||
    titleKeys(commit).some((key) => titles.has(key)) ||
    isSquashOf(commit, subjects);
}

function contentKey({ path, after }: PackageChange): string {
  return `${after ?? ''} ${path}`;
}

/**
 * Returns keys by author. Picking and rebasing keep author, time and words; squashing one commit keeps all but the
 * time.
 */
function authorKeys({ commit, changes }: PackageCommit): readonly string[] {
  const { author, email, authoredAt, subject } = commit;
  const words = dropNumbers(subject);
  const paths = changes.map(({ path }) => path).toSorted();
  const each = paths.map((path) => [author, email, authoredAt, words, path].join('\n'));
  return isUntold({ subject }) ? each : [...each, [author, words, ...paths].join('\n')];
}

function listPicked({ body }: HistoryCommit): readonly string[] {
  return [...body.matchAll(pickedFrom)].flatMap(([, id]) => id ?? []);
}

/** Returns the words of a subject with each number that belongs to them; empty without a number. */
function titleKeys({ subject, body }: HistoryCommit): readonly string[] {
  const words = dropNumbers(subject).replace(ofBackport, '').toLowerCase();
  const numbers = [
    ...subject.matchAll(/\([#!](\d{1,9})\)/g),
    ...body.matchAll(/^backport(?:ed|s)?(?: of| from)? [#!](\d{1,9})\b/gim),
  ];
  return numbers.map(([, number]) => `${number} ${words}`);
}

/**
 * Whether a commit is a squash of published commits: git hosts list the subjects of what they squash, and each
 * subject that says something was published.
 */
function isSquashOf({ body }: HistoryCommit, subjects: ReadonlySet<string>): boolean {
  const told = [...body.matchAll(listed)]
    .map(([, subject = '']) => dropNumbers(subject))
    .filter((subject) => !isUntold({ subject }));
  return told.length > 0 && told.every((subject) => subjects.has(subject));
}

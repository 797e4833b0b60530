import type { HistoryCommit } from '../../../domain/changelog/changelog.ts';

/** What a subject takes back, or brings back. */
export interface RevertedSubject {
  readonly kind: 'reverted' | 'reapplied';
  /** The subject it comes down to, once reverts of reverts are resolved; hostile text. */
  readonly subject: string;
}

export interface Revert {
  /** Undefined for free words (`Revert to the old shader`): whether they mean a commit is seen only by finding it. */
  readonly named: RevertedSubject | undefined;
  /** The subject it is about, as it stands there. */
  readonly about: string;
  /** Full or shortened ids of commits. */
  readonly commits: readonly string[];
  readonly pullRequests: readonly RevertedPullRequest[];
}

export interface RevertedPullRequest {
  /** Undefined where it is not said: this one. */
  readonly repository: string | undefined;
  readonly number: number;
}

/** `Revert "X"`, `[Revert] X`, `revert(scope): X`; git writes `Reapply "X"` for a revert of a revert since 2.43. */
const quoted = /^\W{0,4}(revert|reapply|reland)(?:s|ed)?(?:\([^)]{0,60}\))?!?[\]:\s]{0,4}["“](.+)["”]\.?$/iu;
const typed = /^\W{0,4}(revert|reapply|reland)(?:\([^)]{0,60}\))?!?\s?[\]:]\s*:?\s*(\S.*)$/iu;
const free = /^\W{0,4}revert(?:s|ed|ing)?\b:?\s*(.*)$/iu;

const nestingMax = 20;

/** Undefined for whatever its subject does not call one; what a body quotes says nothing. */
export function readRevert(commit: Pick<HistoryCommit, 'subject' | 'body'>): Revert | undefined {
  const subject = dropNumbers(commit.subject);
  const about = (quoted.exec(subject) ?? typed.exec(subject))?.[2] ?? free.exec(subject)?.[1];
  if (about === undefined) return undefined;
  // What is brought back has the number of what was taken away, not of what took it away.
  const isReapply = /^\W{0,4}re(?:apply|land)/iu.test(subject);
  return {
    named: readReverted(subject),
    about: about.trim(),
    commits: findCommits(commit.body),
    pullRequests: [...findPullRequests(commit.body), ...(isReapply ? [] : numberOf(about))],
  };
}

/** Two reverts of each other cancel out. */
export function readReverted(subject: string): RevertedSubject | undefined {
  let text = dropNumbers(subject);
  let isBack: boolean | undefined;
  for (let depth = 0; depth < nestingMax; depth++) {
    const [, verb, about] = quoted.exec(text) ?? typed.exec(text) ?? [];
    if (verb === undefined || about === undefined) break;
    const isRevert = verb.toLowerCase() === 'revert';
    isBack = (isBack ?? true) === !isRevert;
    text = dropNumbers(about.trim());
  }
  return isBack === undefined ? undefined : { kind: isBack ? 'reapplied' : 'reverted', subject: text };
}

/** `Fix it (#12) (#15)` → `Fix it`. */
export function dropNumbers(subject: string): string {
  let text = subject.trim();
  for (let found = lastNumber.exec(text); found !== null; found = lastNumber.exec(text)) {
    text = text.slice(0, found.index).trimEnd();
  }
  return text;
}

const lastNumber = /\([#!]\d{1,9}\)$/;

/** The pull request that a subject names as its own: `Fix it (#12)`, `Merge pull request #12 from …`. */
export function findOwnNumber(subject: string): number | undefined {
  const text = subject.trim();
  const found = /\([#!](\d{1,9})\)$/.exec(text) ?? /^Merge pull request #(\d{1,9})\b/i.exec(text);
  return found === null ? undefined : Number(found[1]);
}

function numberOf(about: string): readonly RevertedPullRequest[] {
  const number = findOwnNumber(about);
  return number === undefined ? [] : [{ repository: undefined, number }];
}

/** git's own words, and the footer that Conventional Commits shows. */
function findCommits(body: string): readonly string[] {
  const told = [...body.matchAll(/\bThis reverts commits? ([0-9a-f]{7,40})\b/gi)];
  const footers = [...body.matchAll(/^Refs?: ([0-9a-f]{7,40}(?:, ?[0-9a-f]{7,40}){0,50})$/gim)];
  const ids = [...told, ...footers].flatMap(([, list = '']) => list.toLowerCase().split(/, ?/));
  return [...new Set(ids)];
}

/** `Reverts studio/tools#13` (GitHub), `This reverts merge request !13` (GitLab), `… pull request #13` (Bitbucket). */
function findPullRequests(body: string): readonly RevertedPullRequest[] {
  const found = body.matchAll(
    /^(?:This )?reverts? (?:pull request |merge request |PR |MR )?([\w.-]{1,100}(?:\/[\w.-]{1,100}){0,5})?[#!](\d{1,9})\b/gim,
  );
  return [...found].map(([, repository, number]) => ({ repository, number: Number(number) }));
}

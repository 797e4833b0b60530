import type { HistoryCommit } from '../../../domain/changelog/changelog.ts';

/** What a subject says was reverted, or brought back. */
export interface RevertedSubject {
  readonly kind: 'reverted' | 'reapplied';
  /** The subject that is left once reverts of reverts are resolved; hostile text. */
  readonly subject: string;
}

export interface Revert {
  /**
   * Undefined for free words (`Revert to the old shader`): whether they mean a commit shows only when it is found.
   */
  readonly named: RevertedSubject | undefined;
  /** The subject that the revert is about, as the revert writes it. */
  readonly about: string;
  /** Full or shortened commit ids. */
  readonly commits: readonly string[];
  readonly pullRequests: readonly RevertedPullRequest[];
}

export interface RevertedPullRequest {
  /** Undefined when the message names no repository: then it is this one. */
  readonly repository: string | undefined;
  readonly number: number;
}

/**
 * Subjects of reverts: `Revert "X"`, `[Revert] X`, `revert(scope): X`. Since 2.43 git writes `Reapply "X"` for a
 * revert of a revert.
 */
const quoted = /^\W{0,4}(revert|reapply|reland)(?:s|ed)?(?:\([^)]{0,60}\))?!?[\]:\s]{0,4}["“](.+)["”]\.?$/iu;
const typed = /^\W{0,4}(revert|reapply|reland)(?:\([^)]{0,60}\))?!?\s?[\]:]\s*:?\s*(\S.*)$/iu;
const free = /^\W{0,4}revert(?:s|ed|ing)?\b:?\s*(.*)$/iu;

const nestingMax = 20;

/** Reads a revert. Undefined unless the subject calls the commit one; what a body quotes does not count. */
export function readRevert(commit: Pick<HistoryCommit, 'subject' | 'body'>): Revert | undefined {
  const subject = dropNumbers(commit.subject);
  const about = (quoted.exec(subject) ?? typed.exec(subject))?.[2] ?? free.exec(subject)?.[1];
  if (about === undefined) return undefined;
  // The number in the subject of a reapply is that of the reverted change, not that of the revert.
  const isReapply = /^\W{0,4}re(?:apply|land)/iu.test(subject);
  return {
    named: readReverted(subject),
    about: about.trim(),
    commits: findCommits(commit.body),
    pullRequests: [...findPullRequests(commit.body), ...(isReapply ? [] : numberOf(about))],
  };
}

/** Resolves reverts of reverts: two of them cancel out. */
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

/** Removes the numbers at the end of a subject: `Fix it (#12) (#15)` → `Fix it`. */
export function dropNumbers(subject: string): string {
  let text = subject.trim();
  for (let found = lastNumber.exec(text); found !== null; found = lastNumber.exec(text)) {
    text = text.slice(0, found.index).trimEnd();
  }
  return text;
}

const lastNumber = /\([#!]\d{1,9}\)$/;

/** Returns the pull request that a subject names as its own: `Fix it (#12)`, `Merge pull request #12 from …`. */
export function findOwnNumber(subject: string): number | undefined {
  const text = subject.trim();
  const found = /\([#!](\d{1,9})\)$/.exec(text) ?? /^Merge pull request #(\d{1,9})\b/i.exec(text);
  return found === null ? undefined : Number(found[1]);
}

function numberOf(about: string): readonly RevertedPullRequest[] {
  const number = findOwnNumber(about);
  return number === undefined ? [] : [{ repository: undefined, number }];
}

/** Finds commit ids in git's own words, and in the footer that Conventional Commits shows. */
function findCommits(body: string): readonly string[] {
  const told = [...body.matchAll(/\bThis reverts commits? ([0-9a-f]{7,40})\b/gi)];
  const footers = [...body.matchAll(/^Refs?: ([0-9a-f]{7,40}(?:, ?[0-9a-f]{7,40}){0,50})$/gim)];
  const ids = [...told, ...footers].flatMap(([, list = '']) => list.toLowerCase().split(/, ?/));
  return [...new Set(ids)];
}

/**
 * Finds pull requests: `Reverts studio/tools#13` (GitHub), `This reverts merge request !13` (GitLab), `… pull request
 * #13` (Bitbucket).
 */
function findPullRequests(body: string): readonly RevertedPullRequest[] {
  const found = body.matchAll(
    /^(?:This )?reverts? (?:pull request |merge request |PR |MR )?([\w.-]{1,100}(?:\/[\w.-]{1,100}){0,5})?[#!](\d{1,9})\b/gim,
  );
  return [...found].map(([, repository, number]) => ({ repository, number: Number(number) }));
}

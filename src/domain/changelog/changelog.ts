import type { CommitSha } from '../repository/repository.ts';

/** Asked for in place of a version: what is not published yet. No version reads like this. */
export const unreleased = 'unreleased';

/** Keep a Changelog 1.1, in its order. */
export const changelogSections = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'] as const;
export type ChangelogSection = (typeof changelogSections)[number];

/** What one commit did to one file; object ids of the contents. */
export interface FileChange {
  readonly path: string;
  /** Undefined: it was not there. */
  readonly before: string | undefined;
  /** Undefined: it is gone. */
  readonly after: string | undefined;
}

/** A commit as history tells it. All text is hostile. */
export interface HistoryCommit {
  readonly commit: CommitSha;
  readonly parents: readonly CommitSha[];
  readonly author: string;
  readonly email: string;
  /** When it was written, in seconds since the epoch: picking or rebasing it leaves that as it was. */
  readonly authoredAt: number;
  /** First line of the message. */
  readonly subject: string;
  /** The rest of it, cut. */
  readonly body: string;
  /** Against its only parent; those of a merge are listed only along a line of first parents. */
  readonly changes: readonly FileChange[];
}

/** One line of an entry. */
export interface EntryItem {
  readonly section: ChangelogSection;
  readonly isBreaking: boolean;
  /** Inert markdown on one line, references included. */
  readonly text: string;
  /** Where it comes from. */
  readonly commits: readonly CommitSha[];
}

/** `commits`: made of the commits by rule; `model`: worded by a model from them. */
export type WordedBy = 'commits' | 'model';

/** What one version says of itself, stored before it is packed. */
export interface ChangelogEntry {
  readonly name: string;
  readonly version: string;
  /** Folder of the package in `commit`. */
  readonly path: string;
  /** The commit that is published; its date is the entry's. */
  readonly commit: CommitSha;
  /** The branch that is published, where the entry is written back. */
  readonly branch: string;
  /** YYYY-MM-DD, UTC. */
  readonly date: string;
  /** Markdown below the heading: lines end with \n, none at either end. */
  readonly body: string;
  /** Blocks that people had written below Unreleased and that are part of `body`, as they stood there. */
  readonly moved: readonly string[];
  readonly wordedBy: WordedBy;
  /** Why rules worded it although there is a model: "answered HTTP 429". Undefined when that is not so. */
  readonly fallback?: string | undefined;
  readonly cited: readonly CommitSha[];
}

/** How often rules worded in place of the model, and why. */
export interface WordingFallback {
  /** Completes "the model …". */
  readonly why: string;
  readonly times: number;
}

/** The identity of our own commits. */
export const botName = 'upm-auto-publisher[bot]';
export const ownHeadline = 'docs: update changelogs';

/**
 * Written by us: left out of changelogs, and no reason to judge anything again. A git host may put the account of our
 * token in place of our name; then the whole headline tells.
 */
export function isOwnCommit(commit: { readonly author: string; readonly subject: string }): boolean {
  const { author, subject } = commit;
  return subject.startsWith(ownHeadline) && (author === botName || subject.endsWith('[skip ci]'));
}

/** A day of UTC as YYYY-MM-DD. */
export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

import type { CommitSha } from '../repository/repository.ts';

/** What is asked for in place of a version, for changes that are not published yet. No version reads like this. */
export const unreleased = 'unreleased';

/** Sections of Keep a Changelog 1.1, in its order. */
export const changelogSections = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'] as const;
export type ChangelogSection = (typeof changelogSections)[number];

/** What one commit did to one file; object ids of the contents. */
export interface FileChange {
  readonly path: string;
  /** Undefined when the file was not there. */
  readonly before: string | undefined;
  /** Undefined when the file is gone. */
  readonly after: string | undefined;
}

/** A commit as the history shows it. All text is hostile. */
export interface HistoryCommit {
  readonly commit: CommitSha;
  readonly parents: readonly CommitSha[];
  readonly author: string;
  readonly email: string;
  /** When the commit was written, in seconds since the epoch: picking or rebasing it leaves that as it was. */
  readonly authoredAt: number;
  /** First line of the message. */
  readonly subject: string;
  /** The rest of the message, cut. */
  readonly body: string;
  /** Changes against the only parent; those of a merge are listed only along a line of first parents. */
  readonly changes: readonly FileChange[];
}

/** One line of an entry. */
export interface EntryItem {
  readonly section: ChangelogSection;
  readonly isBreaking: boolean;
  /** Inert markdown on one line, references included. */
  readonly text: string;
  /** Commits that the line comes from. */
  readonly commits: readonly CommitSha[];
}

/** `commits`: made of the commits by rule; `model`: worded by a model from them. */
export type WordedBy = 'commits' | 'model';

/** What one version says of itself; stored before the version is packed. */
export interface ChangelogEntry {
  readonly name: string;
  readonly version: string;
  /** Folder of the package in `commit`. */
  readonly path: string;
  /** The commit that is published; its date is the entry's date. */
  readonly commit: CommitSha;
  /** The branch that is published, to which the entry is written back. */
  readonly branch: string;
  /** YYYY-MM-DD, UTC. */
  readonly date: string;
  /** Markdown below the heading: lines end with \n, none at either end. */
  readonly body: string;
  /** Blocks that people had written below Unreleased and that are part of `body`, as they were there. */
  readonly moved: readonly string[];
  readonly wordedBy: WordedBy;
  /** Why rules worded the entry although there is a model, such as "answered HTTP 429"; undefined otherwise. */
  readonly fallback?: string | undefined;
  readonly cited: readonly CommitSha[];
}

/** How often rules worded entries in place of the model, and why. */
export interface WordingFallback {
  /** Completes "the model …". */
  readonly why: string;
  readonly times: number;
}

/** The identity of our own commits. */
export const botName = 'upm-auto-publisher[bot]';
export const ownHeadline = 'docs: update changelogs';

/**
 * Whether we wrote the commit: it is left out of changelogs, and is no reason to judge anything again. A git host may
 * put the account of our token in place of our name; then the whole headline decides.
 */
export function isOwnCommit(commit: { readonly author: string; readonly subject: string }): boolean {
  const { author, subject } = commit;
  return subject.startsWith(ownHeadline) && (author === botName || subject.endsWith('[skip ci]'));
}

/** Returns a day of UTC as YYYY-MM-DD. */
export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

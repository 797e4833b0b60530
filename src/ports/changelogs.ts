import type { ChangelogEntry, WordingFallback } from '../domain/changelog/changelog.ts';
import type { Actor } from '../domain/job/actor.ts';
import type { Job } from '../domain/job/report.ts';
import type { CommitSha, RepositoryId, Slug } from '../domain/repository/repository.ts';

export interface StoredEntry extends ChangelogEntry {
  /** Number of the entry; stays the same for as long as the entry is kept. */
  readonly id: number;
}

/** Changelog entries of versions, fixed before the versions are packed. Each method is one transaction. */
export interface ChangelogEntries {
  /** Lists all entries of one commit. */
  listOf(repositoryId: RepositoryId, commit: CommitSha): Promise<readonly ChangelogEntry[]>;
  /** The entries are durable when the promise resolves. An entry that already exists stays as it is. */
  save(job: Job, entries: readonly ChangelogEntry[]): Promise<void>;
  /** Returns the newest entry of a version. */
  find(name: string, version: string): Promise<StoredEntry | undefined>;
  /**
   * Counts, by cause, how often rules worded entries in place of the model; the most frequent cause comes first.
   * Includes the entries that were made at `from` or later and before `to` (epoch milliseconds).
   */
  countFallbacks(from: number, to: number): Promise<readonly WordingFallback[]>;
  /** Returns the version whose entry has this number. */
  findVersion(id: number): Promise<Pick<ChangelogEntry, 'name' | 'version'> | undefined>;
}

/** An entry of a published version that has not reached its repository yet. */
export interface PendingEntry {
  readonly id: number;
  readonly repositoryId: RepositoryId;
  readonly slug: Slug;
  readonly job: number;
  readonly entry: ChangelogEntry;
  readonly tries: number;
  /** Set while the entry waits for this pull request to be merged. */
  readonly pullRequest: number | undefined;
  /** Why the entry could not be written so far. */
  readonly detail: string | undefined;
}

export type WriteBackEnd =
  /** The entry is on the branch, written by us or by somebody else. */
  | 'written'
  /** The entry will never be written: the pull request was closed, or the package is gone from the branch. */
  | 'given-up';

/**
 * Entries that still have to be written to repositories. The transaction that ends a job creates their rows. Each
 * method is one transaction.
 */
export interface WriteBacks {
  /** Lists due entries, oldest first. */
  listDue(limit: number): Promise<readonly PendingEntry[]>;
  /** Lists all pending entries, due or not, for people to see. */
  listPending(): Promise<readonly PendingEntry[]>;
  settle(ids: readonly number[], end: WriteBackEnd, detail: string): Promise<void>;
  /** Records that the entries are in this pull request now; they are checked again at `notBefore`. */
  joinPullRequest(ids: readonly number[], pullRequest: number, notBefore: number): Promise<void>;
  postpone(ids: readonly number[], notBefore: number, detail: string): Promise<void>;
  /**
   * Replaces the text of an entry with newly written text, which this commit put into the repository. Recorded in the
   * audit trail.
   */
  replace(
    name: string,
    version: string,
    entry: ChangelogEntry,
    how: { readonly by: Actor; readonly commit: CommitSha },
  ): Promise<void>;
}

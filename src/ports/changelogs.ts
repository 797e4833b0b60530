import type { ChangelogEntry, WordingFallback } from '../domain/changelog/changelog.ts';
import type { Actor } from '../domain/job/actor.ts';
import type { Job } from '../domain/job/report.ts';
import type { CommitSha, RepositoryId, Slug } from '../domain/repository/repository.ts';

export interface StoredEntry extends ChangelogEntry {
  /** Stays the same for as long as the entry is kept. */
  readonly id: number;
}

/** What versions say of themselves, fixed before they are packed. Each method is one transaction. */
export interface ChangelogEntries {
  /** All of one commit. */
  listOf(repositoryId: RepositoryId, commit: CommitSha): Promise<readonly ChangelogEntry[]>;
  /** Durable when it resolves. One that is there already stays as it is. */
  save(job: Job, entries: readonly ChangelogEntry[]): Promise<void>;
  /** The newest of a version. */
  find(name: string, version: string): Promise<StoredEntry | undefined>;
  /** Of the entries made from `from` on and before `to` (epoch milliseconds), most frequent first. */
  countFallbacks(from: number, to: number): Promise<readonly WordingFallback[]>;
  /** Whose entry has this number. */
  findVersion(id: number): Promise<Pick<ChangelogEntry, 'name' | 'version'> | undefined>;
}

/** An entry that was published and still has to reach its repository. */
export interface PendingEntry {
  readonly id: number;
  readonly repositoryId: RepositoryId;
  readonly slug: Slug;
  readonly job: number;
  readonly entry: ChangelogEntry;
  readonly tries: number;
  /** Set while it waits for this pull request to be merged. */
  readonly pullRequest: number | undefined;
  /** Why it could not be written so far. */
  readonly detail: string | undefined;
}

export type WriteBackEnd =
  /** It is on the branch, by us or by somebody else. */
  | 'written'
  /** It never will be: the pull request was closed, or the package is gone from the branch. */
  | 'given-up';

/** Entries owed to repositories. A row is made by the transaction that ends the job. Each method is one transaction. */
export interface WriteBacks {
  /** Oldest first. */
  listDue(limit: number): Promise<readonly PendingEntry[]>;
  /** All that are not over, due or not, for people to see. */
  listPending(): Promise<readonly PendingEntry[]>;
  settle(ids: readonly number[], end: WriteBackEnd, detail: string): Promise<void>;
  /** They are in this pull request now; looked at again at `notBefore`. */
  joinPullRequest(ids: readonly number[], pullRequest: number, notBefore: number): Promise<void>;
  postpone(ids: readonly number[], notBefore: number, detail: string): Promise<void>;
  /** The text of an entry was written anew, and is in the repository with this commit; written into the audit trail. */
  replace(
    name: string,
    version: string,
    entry: ChangelogEntry,
    how: { readonly by: Actor; readonly commit: CommitSha },
  ): Promise<void>;
}

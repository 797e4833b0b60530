import type { Actor } from '../domain/actor.ts';
import type { ChangelogEntry } from '../domain/changelog.ts';
import type { CommitSha, RepositoryId, Slug } from '../domain/repository.ts';

/** An entry that was published and still has to reach its repository. */
export interface OwedEntry {
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
  listDue(limit: number): Promise<readonly OwedEntry[]>;
  /** All that are not over, due or not, for people to see. */
  listOwed(): Promise<readonly OwedEntry[]>;
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

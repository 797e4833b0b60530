import type { HistoryCommit } from '../domain/changelog.ts';
import type { CommitSha, RepositoryId } from '../domain/repository.ts';

export interface History {
  /** Newest first, children before their parents. */
  readonly commits: readonly HistoryCommit[];
  /** False when older commits were left out because there are too many. */
  readonly isComplete: boolean;
}

/** What happened before a commit, from what is here already: no contents are read, nothing is fetched. */
export interface CommitHistory {
  /**
   * Commits that `head` builds on, itself included, without those that all of `known` build on too. Throws when they
   * cannot be read.
   */
  listCommits(
    id: RepositoryId,
    head: CommitSha,
    known: readonly CommitSha[],
    signal: AbortSignal,
  ): Promise<History>;
}

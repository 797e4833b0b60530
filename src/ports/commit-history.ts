import type { HistoryCommit } from '../domain/changelog.ts';
import type { CommitSha, RepositoryId } from '../domain/repository.ts';
import type { BlobLimits } from './repository-source.ts';

export interface History {
  /** Newest first, children before their parents. */
  readonly commits: readonly HistoryCommit[];
  /** False when older commits were left out because there are too many. */
  readonly isComplete: boolean;
}

/** What happened before a commit, from what is here already: nothing is fetched. */
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
  /**
   * The line that a branch went along: first parents only, from `head` back to what `base` builds on too. A merge is
   * listed with what it changed against its first parent. Throws when it cannot be read.
   */
  listLine(id: RepositoryId, head: CommitSha, base: CommitSha, signal: AbortSignal): Promise<History>;
  /** Contents of those blobs that are here already. */
  readKept(
    id: RepositoryId,
    oids: readonly string[],
    limits: BlobLimits,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Buffer>>;
}

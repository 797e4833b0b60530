import type { CommitSha, RepositoryId } from '../domain/repository.ts';

/** What we know of a branch that only we write to. */
export interface OwnBranch {
  /** The commit of somebody else that our work begins at; undefined when we never wrote there. */
  readonly base: CommitSha | undefined;
  /** The last commit that we wrote; undefined before the first one. */
  readonly commit: CommitSha | undefined;
  /** A head that somebody else left there, once people were told of it. */
  readonly foreign: CommitSha | undefined;
}

/** Where the branches that we write to ended when we last wrote. Each method is one transaction. */
export interface OwnBranches {
  find(repositoryId: RepositoryId, branch: string): Promise<OwnBranch | undefined>;
  /** Recorded before the branch is made or moved to `base`; the last commit stays known. */
  begin(repositoryId: RepositoryId, branch: string, base: CommitSha): Promise<void>;
  wrote(repositoryId: RepositoryId, branch: string, commit: CommitSha): Promise<void>;
  /** Recorded after people were told of this head. */
  noteForeign(repositoryId: RepositoryId, branch: string, head: CommitSha): Promise<void>;
}

import type { CommitSha, RepositoryId } from '../domain/repository.ts';

/** The pull request that brings a repository its dispatcher, or takes it away. */
export interface Registration {
  readonly repositoryId: RepositoryId;
  readonly pullRequest: number;
  readonly url: string;
  readonly kind: 'add' | 'remove';
  readonly state: 'open' | 'merged' | 'closed';
  /** Who asked for it. */
  readonly requestedBy: string;
  /** Our commit, when the pull request is to be merged as soon as the git host allows it. */
  readonly mergeAt: CommitSha | undefined;
}

/** At most one of a repository: the newest. Each method is one transaction. */
export interface Registrations {
  find(repositoryId: RepositoryId): Promise<Registration | undefined>;
  listOpen(): Promise<readonly Registration[]>;
  /** Replaces the one before. */
  save(registration: Registration): Promise<void>;
  /** From now on only people merge it. */
  stopMerging(repositoryId: RepositoryId): Promise<void>;
  /** True when it was open: of two who close it one wins. */
  close(repositoryId: RepositoryId, state: 'merged' | 'closed'): Promise<boolean>;
}

import type { CommitSha, RepositoryId } from '../domain/repository.ts';

export interface CheckRequest {
  readonly repositoryId: RepositoryId;
  readonly commit: CommitSha;
  /** Where it would go, and whether that is the default branch. */
  readonly branch: string;
  readonly isDefaultBranch: boolean;
  /** Undefined: the head of `branch` itself. */
  readonly pullRequest: number | undefined;
}

export interface WaitingCheck extends CheckRequest {
  readonly tries: number;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
}

export type CheckOutcome = 'shown' | 'not-permitted' | 'given-up';

/** Heads that wait for their check, kept over restarts. Each method is one transaction. */
export interface CheckRequests {
  /** False when this head was asked for before. Older heads of the same pull request or branch do not wait any more. */
  request(request: CheckRequest): Promise<boolean>;
  /** The longest waiting one that is due. */
  findDue(): Promise<WaitingCheck | undefined>;
  settle(request: Pick<CheckRequest, 'repositoryId' | 'commit'>, outcome: CheckOutcome): Promise<void>;
  /** `notBefore` is epoch milliseconds. */
  postpone(request: Pick<CheckRequest, 'repositoryId' | 'commit'>, notBefore: number): Promise<void>;
  /** What became of the newest that was settled; undefined before the first. */
  findLastOutcome(): Promise<CheckOutcome | undefined>;
}

import type { RepositoryId } from '../repository/repository.ts';

/** A job that failed and that nothing followed: no newer job of its dispatch, no later publish of what it could not. */
export interface OpenFailure {
  readonly job: number;
  readonly dispatchId: string;
  readonly repositoryId: RepositoryId;
  readonly repository: string;
  readonly commit: string;
  /** Whose push it was, as far as the dispatch says. */
  readonly pusher: string | null;
  /** Epoch milliseconds. */
  readonly finishedAt: number;
  /** Of the job as a whole, as one sentence; undefined when its packages have their own. */
  readonly title: string | undefined;
  /** Those that are not published until now; hostile texts. */
  readonly packages: readonly OpenPackageFailure[];
  /** Trying again can help. */
  readonly isRetryable: boolean;
  /** An operator said that nothing is to be done about it. */
  readonly isDismissed: boolean;
}

export interface OpenPackageFailure {
  readonly name: string;
  readonly version: string | undefined;
  /** Why, as one sentence. */
  readonly title: string;
}

import { type Failure, renderFailure, retryOf } from '../failure/failure.ts';
import { isHigher } from '../package/version.ts';
import { findVersionProblem } from '../package/version-problem.ts';
import type { RepositoryId } from '../repository/repository.ts';
import type { PackageResult } from './report.ts';

/** A failed job that nothing followed: no newer job of its dispatch, no later publish of what it could not publish. */
export interface OpenFailure {
  readonly job: number;
  readonly dispatchId: string;
  readonly repositoryId: RepositoryId;
  readonly repository: string;
  readonly commit: string;
  /** Who pushed the commit, as far as the dispatch says. */
  readonly pusher: string | null;
  /** Epoch milliseconds. */
  readonly finishedAt: number;
  /** Why the job as a whole failed, as one sentence; undefined when its packages have reasons of their own. */
  readonly title: string | undefined;
  /** Packages that are not published until now; hostile texts. */
  readonly packages: readonly OpenPackageFailure[];
  /** Whether trying again can help. */
  readonly isRetryable: boolean;
  /** Whether an operator said that nothing is to be done about it. */
  readonly isDismissed: boolean;
}

export interface OpenPackageFailure {
  readonly name: string;
  readonly version: string | undefined;
  /** Why the package is not published, as one sentence. */
  readonly title: string;
}

/** Whether a failed job left the package unpublished. */
export function isLeftUnpublished({ state }: PackageResult): boolean {
  return ['failed', 'held', 'withdrawn'].includes(state);
}

/** Returns why a package is not published, as one sentence. */
export function titleOf({ failure, note }: PackageResult): string {
  return failure === undefined ? (note ?? 'no reason known') : renderFailure(failure).title;
}

/** Whether trying again can help against one of the failures. */
export function canBeRetried(failures: readonly (Failure | undefined)[]): boolean {
  return failures.some((known) => known !== undefined && retryOf(known) !== 'never');
}

/**
 * Whether a version that was published later mends the failure of `version`: the same version, or a higher one after a
 * bump.
 */
export function mends(later: string | undefined, version: string | undefined): boolean {
  if (later === undefined) return false;
  // Any version that can be read may follow a version that could not.
  if (version === undefined || findVersionProblem(version) !== undefined) return true;
  return later === version || isHigher(later, version);
}

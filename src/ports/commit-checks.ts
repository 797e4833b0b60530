import type { CommitCheck } from '../domain/commit-check.ts';
import type { CommitSha, Slug } from '../domain/repository.ts';

/** How it is shown: a check with its annotations, or a commit status that holds the title only. */
export type ShownCheck = 'check' | 'status' | 'not-permitted';

/**
 * Says at a commit what would be published of it. What stands there already is replaced, so that a commit has one of
 * ours. Throws Outage('git-host') and PublishError like a RepositoryWriter; `not-permitted` when our credentials may
 * write neither.
 */
export interface CommitChecks {
  /** It is being looked into. */
  begin(slug: Slug, commit: CommitSha, signal: AbortSignal): Promise<ShownCheck>;
  finish(slug: Slug, commit: CommitSha, check: CommitCheck, signal: AbortSignal): Promise<ShownCheck>;
}

import type { CommitSha, Slug } from '../domain/repository.ts';

export type MergeResult =
  | { readonly kind: 'merged' }
  /** Checks or reviews are missing, or the git host is still working it out: ask again. */
  | { readonly kind: 'waiting' }
  /** Its branch does not end at the commit that was asked for. */
  | { readonly kind: 'changed' }
  /** A person has to; `detail` in the git host's words. */
  | { readonly kind: 'refused'; readonly detail: string };

export interface PullRequestMerger {
  /** Merges it now, and only at this commit. Throws Outage('git-host'), PublishError. */
  merge(slug: Slug, pullRequest: number, commit: CommitSha, signal: AbortSignal): Promise<MergeResult>;
}

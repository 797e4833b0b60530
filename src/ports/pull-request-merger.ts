import type { Slug } from '../domain/repository.ts';

export type MergeResult =
  | { readonly kind: 'merged' }
  /** The git host merges it as soon as its checks and reviews allow it. */
  | { readonly kind: 'waiting' }
  /** A person has to; `detail` in the git host's words. */
  | { readonly kind: 'refused'; readonly detail: string };

export interface PullRequestMerger {
  /** Merges it now, or has it merged when that is allowed. Throws Outage('git-host'), PublishError. */
  merge(slug: Slug, pullRequest: number, signal: AbortSignal): Promise<MergeResult>;
}

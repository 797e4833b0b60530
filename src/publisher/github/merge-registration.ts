import type { CommitSha, Repository } from '../../domain/repository/repository.ts';
import type { MergeResult, PullRequestMerger, RepositoryWriter } from '../../ports/github.ts';
import type { Registration } from '../../ports/repositories.ts';
import { checkOwnBranch, type OwnBranchDeps } from '../commit/own-branch.ts';
import type { GitHubDeps } from './deps.ts';

export interface MergeDeps extends GitHubDeps {
  readonly writer: RepositoryWriter;
  readonly merger: PullRequestMerger;
  readonly ownBranches: OwnBranchDeps['ownBranches'];
}

export type RegistrationMerge =
  | Exclude<MergeResult, { readonly kind: 'changed' }>
  /** Somebody else wrote to the branch; people were notified. */
  | { readonly kind: 'foreign'; readonly detail: string };

/** The branch of ours that each kind of registration changes. */
export const branchOf = { add: 'upm-auto-publisher/register', remove: 'upm-auto-publisher/remove' } as const;

/**
 * Merges exactly the commit that we wrote. If its branch holds anything else, people are notified and nothing is
 * merged for them.
 */
export async function mergeRegistration(
  deps: MergeDeps,
  { id, slug }: Repository,
  { kind, pullRequest }: Registration,
  commit: CommitSha,
  signal: AbortSignal,
): Promise<RegistrationMerge> {
  const merge = await deps.merger.merge(slug, pullRequest, commit, signal);
  if (merge.kind === 'merged' || merge.kind === 'waiting') return merge;
  await deps.registrations.stopMerging(id);
  if (merge.kind === 'refused') return merge;
  const checked = await checkOwnBranch(
    deps,
    { repositoryId: id, slug, branch: branchOf[kind] },
    commit,
    signal,
  );
  if (checked.kind === 'foreign') return checked;
  return { kind: 'refused', detail: 'its branch was deleted or moved meanwhile' };
}

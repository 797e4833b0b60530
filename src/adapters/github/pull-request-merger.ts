import { z } from 'zod';
import type { CommitSha } from '../../domain/repository/repository.ts';
import type { MergeResult, PullRequestMerger } from '../../ports/github.ts';
import { readShape } from './answers.ts';
import type { Calling, GitHubApi } from './api-client.ts';
import { refusalOf, wordsOf } from './explain-error.ts';

/**
 * PullRequestMerger on GitHub's API. GitHub's auto-merge is not used: once enabled, it also merges what others push to
 * the branch afterwards.
 */
export function buildPullRequestMerger(api: GitHubApi): PullRequestMerger {
  return {
    merge: async (slug, pullRequest, commit, signal) =>
      // The merge may include a workflow file.
      api.call(slug, 'workflows', signal, async (calling) => merge(calling, pullRequest, commit)),
  };
}

const mergedShape = z.object({ merged: z.literal(true) });
const pullShape = z.object({
  merged: z.boolean(),
  state: z.enum(['open', 'closed']),
  head: z.object({ sha: z.string() }),
  mergeable_state: z.string().catch(''),
});

/**
 * States that may change by themselves. `blocked`: checks or reviews are missing; `unknown`: GitHub has not decided
 * yet. See GitHub's REST reference of pull requests.
 */
const passing: readonly string[] = ['blocked', 'unknown'];

async function merge(calling: Calling, pullRequest: number, commit: CommitSha): Promise<MergeResult> {
  const { octokit, names, options } = calling;
  try {
    const request = { ...names, ...options, pull_number: pullRequest, sha: commit };
    readShape(mergedShape, (await octokit.rest.pulls.merge(request)).data);
    return { kind: 'merged' };
  } catch (error) {
    const refusal = refusalOf(error);
    // 405: cannot be merged now; 409: one of the branches moved; 422: this merge method is not allowed.
    if (refusal === undefined || ![405, 409, 422].includes(refusal.status)) throw error;
    const { data } = await octokit.rest.pulls.get({ ...names, ...options, pull_number: pullRequest });
    const pull = readShape(pullShape, data);
    if (pull.head.sha !== commit) return { kind: 'changed' };
    if (pull.merged) return { kind: 'merged' };
    const isPassing =
      pull.state === 'open' && (refusal.status === 409 || passing.includes(pull.mergeable_state));
    return isPassing ? { kind: 'waiting' } : { kind: 'refused', detail: wordsOf(refusal) };
  }
}

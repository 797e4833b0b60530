import type { MergeResult, PullRequestMerger } from '../../ports/pull-request-merger.ts';
import type { Calling, GitHubApi } from './api-client.ts';
import { graphqlRefusalOf } from './commit-files.ts';
import { refusalOf, wordsOf } from './explain-error.ts';

const mutation = `mutation ($input: EnablePullRequestAutoMergeInput!) {
  enablePullRequestAutoMerge(input: $input) { pullRequest { number } }
}`;

/** GitHub's API as a PullRequestMerger. */
export function buildPullRequestMerger(api: GitHubApi): PullRequestMerger {
  return {
    merge: async (slug, pullRequest, signal) =>
      // It may bring a workflow file with it.
      api.call(slug, 'workflows', signal, async (calling) => merge(calling, pullRequest)),
  };
}

async function merge(calling: Calling, pullRequest: number): Promise<MergeResult> {
  const first = await tryMerge(calling, pullRequest);
  if (first.kind === 'merged') return first;
  const isEnabled = await enableAutoMerge(calling, pullRequest);
  // Auto-merge is refused too when everything is green by now.
  return isEnabled ? { kind: 'waiting' } : tryMerge(calling, pullRequest);
}

async function tryMerge({ octokit, names, options }: Calling, pullRequest: number): Promise<MergeResult> {
  try {
    await octokit.rest.pulls.merge({ ...names, ...options, pull_number: pullRequest });
    return { kind: 'merged' };
  } catch (error) {
    const refusal = refusalOf(error);
    // 405: not now; 409: its head moved; 422: this way of merging is not allowed.
    if (refusal === undefined || ![405, 409, 422].includes(refusal.status)) throw error;
    return { kind: 'refused', detail: wordsOf(refusal) };
  }
}

async function enableAutoMerge(calling: Calling, pullRequest: number): Promise<boolean> {
  const { octokit, names, options } = calling;
  const { data } = await octokit.rest.pulls.get({ ...names, ...options, pull_number: pullRequest });
  try {
    await octokit.graphql(mutation, { input: { pullRequestId: data.node_id }, ...options });
    return true;
  } catch (error) {
    if (graphqlRefusalOf(error) === undefined) throw error;
    return false;
  }
}

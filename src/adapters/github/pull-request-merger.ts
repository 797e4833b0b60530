import { z } from 'zod';
import type { MergeResult, PullRequestMerger } from '../../ports/pull-request-merger.ts';
import { readShape } from './answers.ts';
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

const pullShape = z.object({ node_id: z.string(), head: z.object({ sha: z.string() }) });
const mergedShape = z.object({ merged: z.literal(true) });

interface Pull {
  readonly number: number;
  readonly nodeId: string;
  /** What was looked at is what is merged. */
  readonly sha: string;
}

async function merge(calling: Calling, pullRequest: number): Promise<MergeResult> {
  const { octokit, names, options } = calling;
  const { data } = await octokit.rest.pulls.get({ ...names, ...options, pull_number: pullRequest });
  const { node_id: nodeId, head } = readShape(pullShape, data);
  const pull = { number: pullRequest, nodeId, sha: head.sha };
  const first = await tryMerge(calling, pull);
  if (first.kind === 'merged') return first;
  // Auto-merge is refused too when everything is green by now.
  return (await enableAutoMerge(calling, pull)) ? { kind: 'waiting' } : tryMerge(calling, pull);
}

async function tryMerge({ octokit, names, options }: Calling, pull: Pull): Promise<MergeResult> {
  try {
    const { number: pull_number, sha } = pull;
    const { data } = await octokit.rest.pulls.merge({ ...names, ...options, pull_number, sha });
    readShape(mergedShape, data);
    return { kind: 'merged' };
  } catch (error) {
    const refusal = refusalOf(error);
    // 405: not now; 409: its head moved; 422: this way of merging is not allowed.
    if (refusal === undefined || ![405, 409, 422].includes(refusal.status)) throw error;
    return { kind: 'refused', detail: wordsOf(refusal) };
  }
}

async function enableAutoMerge({ octokit, options }: Calling, pull: Pull): Promise<boolean> {
  try {
    await octokit.graphql(mutation, { input: { pullRequestId: pull.nodeId }, ...options });
    return true;
  } catch (error) {
    if (graphqlRefusalOf(error) === undefined) throw error;
    return false;
  }
}

import { z } from 'zod';
import { failure, PublishError } from '../../domain/failure/failure.ts';
import { type CommitSha, parseCommitSha, type Slug } from '../../domain/repository/repository.ts';
import type { TokenUse } from '../../ports/git.ts';
import type { CommitFilesRequest, RepositoryWriter } from '../../ports/github.ts';
import { UnusableAnswer } from '../system/read-body.ts';
import { readShape } from './answers.ts';
import type { Calling, GitHubApi } from './api-client.ts';
import { commitFiles } from './commit-files.ts';
import { refusalOf, statusOf, wordsOf } from './explain-error.ts';
import { findPullRequest, openPullRequest } from './pull-requests.ts';

/** RepositoryWriter on GitHub's API. */
export function buildRepositoryWriter(api: GitHubApi): RepositoryWriter {
  return {
    findHead: async (slug, branch, signal) =>
      api.call(slug, 'read', signal, async (calling) => findHead(calling, branch)),
    commitFiles: async (request, signal) =>
      api.call(request.slug, useOf(request), signal, async (calling) =>
        commitFiles(calling, request, async () => findHead(calling, request.branch)),
      ),
    setBranch: async (slug, branch, commit, force, signal) =>
      api.call(slug, 'write', signal, async (calling) => setBranch(calling, slug, { branch, commit, force })),
    openPullRequest: async (request, signal) =>
      api.call(request.slug, 'write', signal, async (calling) => openPullRequest(calling, request)),
    findPullRequest: async (slug, number, signal) =>
      api.call(slug, 'write', signal, async (calling) => findPullRequest(calling, number)),
  };
}

function useOf({ files }: CommitFilesRequest): TokenUse {
  return files.some(({ path }) => path.startsWith('.github/workflows/')) ? 'workflows' : 'write';
}

async function findHead(calling: Calling, branch: string): Promise<CommitSha | undefined> {
  const { octokit, names, options } = calling;
  try {
    const { data } = await octokit.rest.git.getRef({ ...names, ...options, ref: `heads/${branch}` });
    return shaOf(data);
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
    // A repository that we cannot see also answers 404; this request throws for it.
    await octokit.rest.repos.get({ ...names, ...options });
    return undefined;
  }
}

const refShape = z.object({ object: z.object({ sha: z.string() }) });

/** Throws instead of returning undefined, which would mean that the branch does not exist. */
function shaOf(data: unknown): CommitSha {
  const sha = parseCommitSha(readShape(refShape, data).object.sha);
  if (sha === undefined) throw new UnusableAnswer('it answers with a commit that is no sha');
  return sha;
}

interface Target {
  readonly branch: string;
  readonly commit: CommitSha;
  readonly force: boolean;
}

async function setBranch(calling: Calling, slug: Slug, target: Target): Promise<void> {
  const { octokit, names, options } = calling;
  const { branch, commit: sha, force } = target;
  const head = await findHead(calling, branch);
  if (head === sha) return;
  try {
    if (head === undefined)
      await octokit.rest.git.createRef({ ...names, ...options, ref: `refs/heads/${branch}`, sha });
    else await octokit.rest.git.updateRef({ ...names, ...options, ref: `heads/${branch}`, sha, force });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal?.status !== 422) throw error;
    // Somebody else created the branch, or moved it to the same commit, in the meantime.
    if ((await findHead(calling, branch)) === sha) return;
    const detail = `its branch ${branch} does not move to ${sha.slice(0, 7)}: ${wordsOf(refusal)}`;
    throw new PublishError(failure('repository-unavailable', { repository: slug, detail }), { cause: error });
  }
}

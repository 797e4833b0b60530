import { PublishError } from '../../domain/failure.ts';
import { parseSlug } from '../../domain/repository.ts';
import type { HostedRepository, RepositoryDirectory } from '../../ports/repository-directory.ts';
import type { Calling, GitHubApi } from './api-client.ts';
import { statusOf } from './explain-error.ts';

/** GitHub's API as a RepositoryDirectory. */
export function buildRepositoryDirectory(api: GitHubApi): RepositoryDirectory {
  return {
    find: async (slug, signal) => {
      try {
        return await api.call(slug, 'read', signal, find);
      } catch (error) {
        if (error instanceof PublishError) return undefined;
        throw error;
      }
    },
    readFile: async (slug, branch, path, signal) =>
      api.call(slug, 'read', signal, async (calling) => readFile(calling, branch, path)),
  };
}

async function find({ octokit, names, options }: Calling): Promise<HostedRepository | undefined> {
  const { data } = await octokit.rest.repos.get({ ...names, ...options });
  const slug = parseSlug(data.full_name);
  if (slug === undefined) return undefined;
  const { id: githubId, default_branch: defaultBranch, archived: isArchived } = data;
  return { githubId, ownerId: data.owner.id, slug, defaultBranch, isArchived };
}

async function readFile(calling: Calling, branch: string, path: string): Promise<string | undefined> {
  const { octokit, names, options } = calling;
  try {
    const { data } = await octokit.rest.repos.getContent({ ...names, ...options, path, ref: branch });
    if (Array.isArray(data) || data.type !== 'file' || !('content' in data)) return undefined;
    return Buffer.from(data.content, 'base64').toString('utf8');
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

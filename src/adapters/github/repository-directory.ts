import { z } from 'zod';
import { PublishError } from '../../domain/failure/failure.ts';
import { parseSlug } from '../../domain/repository/repository.ts';
import type { HostedRepository, RepositoryDirectory } from '../../ports/repositories.ts';
import { UnusableAnswer } from '../system/read-body.ts';
import { readShape } from './answers.ts';
import type { Calling, GitHubApi } from './api-client.ts';
import { statusOf } from './explain-error.ts';

/** RepositoryDirectory on GitHub's API. */
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

const repositoryShape = z.object({
  id: z.int(),
  full_name: z.string(),
  default_branch: z.string(),
  archived: z.boolean(),
  owner: z.object({ id: z.int() }),
});
const fileShape = z.object({ type: z.literal('file'), content: z.string() });
/** A folder, a symbolic link or a submodule. */
const otherShape = z.union([z.array(z.unknown()), z.object({ type: z.string() })]);
const contentShape = z.union([fileShape, otherShape]);

async function find({ octokit, names, options }: Calling): Promise<HostedRepository> {
  const { data } = await octokit.rest.repos.get({ ...names, ...options });
  const repository = readShape(repositoryShape, data);
  const slug = parseSlug(repository.full_name);
  if (slug === undefined) throw new UnusableAnswer('it answers with a repository that has no name');
  const { id: githubId, default_branch: defaultBranch, archived: isArchived } = repository;
  return { githubId, ownerId: repository.owner.id, slug, defaultBranch, isArchived };
}

async function readFile(calling: Calling, branch: string, path: string): Promise<string | undefined> {
  const { octokit, names, options } = calling;
  try {
    const { data } = await octokit.rest.repos.getContent({ ...names, ...options, path, ref: branch });
    const found = readShape(contentShape, data);
    return 'content' in found ? Buffer.from(found.content, 'base64').toString('utf8') : undefined;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

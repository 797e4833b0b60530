import { type Failure, failure, Outage, PublishError } from '../../domain/failure/failure.ts';
import { type Repository, sameSlug } from '../../domain/repository/repository.ts';
import type { RepositoryDirectory, RepositoryLinks } from '../../ports/repositories.ts';

export interface NewIdDeps {
  readonly directory: Pick<RepositoryDirectory, 'find'>;
  readonly links: Pick<RepositoryLinks, 'findGitHubId' | 'relink'>;
}

export type NewId =
  /** The id is as registered or not known yet, or GitHub cannot be asked now: nothing changed. */
  | { readonly kind: 'same' }
  /** The new id was taken; `change` says so in one line. */
  | { readonly kind: 'taken'; readonly change: string }
  | { readonly kind: 'refused'; readonly failure: Failure };

/**
 * Takes the new id of a repository that was deleted and made anew under its old name. Names can be taken by others,
 * so this happens only when an operator activates or adds the repository, and what changed is always reported. GitHub
 * is asked first: the id of a repository to which the name merely redirects is not taken.
 */
export async function takeNewId(
  { directory, links }: NewIdDeps,
  { id, slug }: Repository,
  by: string,
  signal: AbortSignal,
): Promise<NewId> {
  const known = await links.findGitHubId(id);
  if (known === undefined) return { kind: 'same' };
  const hosted = await findHosted(directory, slug, signal);
  if (hosted === undefined || hosted.githubId === known) return { kind: 'same' };
  if (!sameSlug(hosted.slug, slug))
    return refuse(slug, `GitHub leads from this name to ${hosted.slug}, which is another repository`);
  const taken = await links.relink(id, hosted, by);
  if (taken.kind === 'known')
    return refuse(slug, `on GitHub it is the repository that is registered as ${taken.slug}`);
  const owner = taken.hasOtherOwner ? '; its owner has another id as well' : '';
  return {
    kind: 'taken',
    change: `GitHub id: ${known} → ${hosted.githubId} (the repository was made anew${owner})`,
  };
}

async function findHosted(
  directory: NewIdDeps['directory'],
  slug: Repository['slug'],
  signal: AbortSignal,
): ReturnType<RepositoryDirectory['find']> {
  try {
    return await directory.find(slug, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Outage || error instanceof PublishError) return undefined;
    throw error;
  }
}

function refuse(value: string, problem: string): NewId {
  return { kind: 'refused', failure: failure('setting-invalid', { setting: 'repository', value, problem }) };
}

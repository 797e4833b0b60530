import { failure } from '../../domain/failure/failure.ts';
import type { Actor } from '../../domain/job/actor.ts';
import { whyNameExcluded } from '../../domain/package/package-name.ts';
import type { RepositoryId } from '../../domain/repository/repository.ts';
import type { Catalog, PublishLedger } from '../../ports/catalog.ts';
import {
  type ChangeAnswer,
  findRepository,
  isAnswer,
  type NotFound,
  notFound,
  type Refused,
  refused,
} from './answers.ts';
import type { Uses } from './core.ts';

export type SetOwnerDeps = Uses<{
  jobs: 'history';
  packages: 'catalog' | 'ledger';
  repositories: 'all' | 'register';
  settings: 'scopes';
}>;

/** Makes a repository the owner of a name. Only names that stand somewhere, or have an owner, can be given. */
export async function setOwner(
  { jobs, packages, repositories, settings }: SetOwnerDeps,
  name: string,
  slug: string,
  by: Actor,
): Promise<ChangeAnswer | NotFound | Refused> {
  const repository = await findRepository(repositories.all, slug);
  if (isAnswer(repository)) return repository;
  if (!(await isKnownName(packages, name, repository.id)))
    return notFound('package', name, await jobs.history.listPackageNames());
  const problem = whyNameExcluded(name, settings.scopes);
  if (problem !== undefined)
    return refused(failure('setting-invalid', { setting: 'owner', value: name, problem }));
  const before = await repositories.register.setOwner(name, repository.id, by);
  const isSame = before?.toLowerCase() === repository.slug.toLowerCase();
  const changes = isSame ? [] : [`owner of ${name}: ${before ?? 'nobody'} → ${repository.slug}`];
  return { kind: 'changed', repository, changes };
}

export interface KnownNameDeps {
  readonly catalog: Pick<Catalog, 'listRows'>;
  readonly ledger: Pick<PublishLedger, 'findOwner' | 'listHolders'>;
}

/**
 * Returns true when the name stands at a head (also of this repository while it is not active), or has an owner or a
 * holder. A misspelt name would be kept forever.
 */
export async function isKnownName(
  { catalog, ledger }: KnownNameDeps,
  name: string,
  repositoryId: RepositoryId,
): Promise<boolean> {
  const here = await catalog.listRows({ name });
  const pending = await catalog.listRows({ name, repositoryId });
  return (
    here.length + pending.length > 0 ||
    (await ledger.findOwner(name)) !== undefined ||
    (await ledger.listHolders(name)).length > 0
  );
}

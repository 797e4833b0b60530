import { failure } from '../../domain/failure/failure.ts';
import { whyNameExcluded } from '../../domain/package/package-name.ts';
import type { RepositoryId } from '../../domain/repository/repository.ts';
import type { Catalog, PublishLedger } from '../../ports/catalog.ts';
import { findRepository, isAnswer, notFound, refused } from './answers.ts';
import type { OperationsDeps } from './deps.ts';
import type { Actor, Operations } from './operations.ts';

/** Ends a contest, or moves a name. Only names that stand somewhere, or have an owner, can be given. */
export async function setOwner(
  deps: OperationsDeps,
  name: string,
  slug: string,
  by: Actor,
): ReturnType<Operations['setOwner']> {
  const repository = await findRepository(deps.pipeline.repositories, slug);
  if (isAnswer(repository)) return repository;
  const { catalog, history, pipeline } = deps;
  if (!(await isKnownName({ catalog, ledger: pipeline.ledger }, name, repository.id)))
    return notFound('package', name, await history.listPackageNames());
  const problem = whyNameExcluded(name, deps.scopes);
  if (problem !== undefined)
    return refused(failure('setting-invalid', { setting: 'owner', value: name, problem }));
  const before = await deps.register.setOwner(name, repository.id, by);
  const isSame = before?.toLowerCase() === repository.slug.toLowerCase();
  const changes = isSame ? [] : [`owner of ${name}: ${before ?? 'nobody'} → ${repository.slug}`];
  return { kind: 'changed', repository, changes };
}

/**
 * Whether the name stands at a head, in this repository's own although it is not active yet, or has an owner or a holder.
 * A misspelt name would be kept forever.
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

export interface KnownNameDeps {
  readonly catalog: Pick<Catalog, 'listRows'>;
  readonly ledger: Pick<PublishLedger, 'findOwner' | 'listHolders'>;
}

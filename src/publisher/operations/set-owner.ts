import { failure } from '../../domain/failure/failure.ts';
import { whyNameExcluded } from '../../domain/package/package-name.ts';
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
  const { ledger } = deps.pipeline;
  const here = await deps.catalog.listRows({ name });
  const pending = await deps.catalog.listRows({ name, repositoryId: repository.id });
  const isKnown =
    here.length + pending.length > 0 ||
    (await ledger.findOwner(name)) !== undefined ||
    (await ledger.listHolders(name)).length > 0;
  if (!isKnown) return notFound('package', name, await deps.history.listPackageNames());
  const problem = whyNameExcluded(name, deps.scopes);
  if (problem !== undefined)
    return refused(failure('setting-invalid', { setting: 'owner', value: name, problem }));
  const before = await deps.register.setOwner(name, repository.id, by);
  const isSame = before?.toLowerCase() === repository.slug.toLowerCase();
  const changes = isSame ? [] : [`owner of ${name}: ${before ?? 'nobody'} → ${repository.slug}`];
  return { kind: 'changed', repository, changes };
}

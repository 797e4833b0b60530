import { failure } from '../../domain/failure/failure.ts';
import type { Repository, RepositoryId } from '../../domain/repository/repository.ts';
import type { ResolvedCommit } from '../../ports/git.ts';
import { answerError, findRepository, isAnswer, notFound, refused } from './answers.ts';
import type { OperationsDeps } from './deps.ts';
import type { NotFound, PublishRequest, PublishTarget, Refused } from './operations.ts';

export interface FoundTarget {
  readonly repository: Repository;
  /** '' for all of it. */
  readonly packagePath: string;
}

export interface LocatedTarget extends FoundTarget {
  readonly located: ResolvedCommit;
}

/** The active repository that is meant, and the commit that the ref is now. */
export async function locateTarget(
  deps: OperationsDeps,
  { target, ref }: PublishRequest,
  signal: AbortSignal,
): Promise<LocatedTarget | NotFound | Refused> {
  const found = await findTarget(deps, target);
  if (isAnswer(found)) return found;
  const { repository } = found;
  if (repository.status !== 'active') {
    return refused(failure('repository-disabled', { repository: repository.slug }));
  }
  const { id, slug, branches } = repository;
  try {
    const located = await deps.pipeline.source.resolve({ id, slug, ref, branches }, signal);
    return { ...found, located };
  } catch (error) {
    signal.throwIfAborted();
    return answerError(error, ref, deps.clock.now());
  }
}

async function findTarget(
  deps: OperationsDeps,
  target: PublishTarget,
): Promise<FoundTarget | NotFound | Refused> {
  if (target.kind === 'package') return findPackage(deps, target.name);
  const repository = await findRepository(deps.pipeline.repositories, target.slug);
  return isAnswer(repository) ? repository : { repository, packagePath: '' };
}

interface Place {
  readonly repositoryId: RepositoryId;
  readonly slug: string;
  readonly path: string;
}

/** Its owner's, else the only holder's; several holders ask an operator. */
async function findPackage(deps: OperationsDeps, name: string): Promise<FoundTarget | NotFound | Refused> {
  const places = await listPlaces(deps, name);
  const owner = await deps.pipeline.ledger.findOwner(name);
  const owned = owner === undefined ? places : places.filter((p) => p.repositoryId === owner.repositoryId);
  const [place] = owned;
  if (place === undefined) return notFound('package', name, await deps.history.listPackageNames());
  const holders = [...new Set(owned.map(({ slug }) => slug))];
  if (holders.length > 1) {
    return refused(failure('name-contested', { name, holders: `it stands in ${holders.join(', ')}` }));
  }
  const repository = await deps.pipeline.repositories.find(place.repositoryId);
  if (repository === undefined) return notFound('package', name, []);
  return { repository, packagePath: place.path };
}

/** At the heads; where a job saw it while no head was read. */
async function listPlaces(deps: OperationsDeps, name: string): Promise<readonly Place[]> {
  const rows = await deps.catalog.listRows({ name });
  const publishable = rows.filter((row) => row.exclusion === undefined);
  if (rows.length > 0) return publishable.length > 0 ? publishable : rows;
  const places: Place[] = [];
  for (const { repositoryId, slug } of await deps.pipeline.ledger.listHolders(name)) {
    const seen = await deps.pipeline.judged.listKnownPackages(repositoryId);
    for (const { path } of seen.filter((known) => known.name === name)) {
      places.push({ repositoryId, slug, path });
    }
  }
  return places;
}

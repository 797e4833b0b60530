import { failure } from '../../domain/failure/failure.ts';
import type { Actor } from '../../domain/job/actor.ts';
import type { PublishTarget } from '../../domain/package/publish-target.ts';
import type { Repository, RepositoryId } from '../../domain/repository/repository.ts';
import type { ResolvedCommit } from '../../ports/git.ts';
import {
  answerError,
  findRepository,
  isAnswer,
  type NotFound,
  notFound,
  type Refused,
  refused,
} from './answers.ts';
import type { Uses } from './core.ts';

export interface PublishRequest {
  readonly target: PublishTarget;
  /** Branch, tag or commit; the head of the default branch when undefined. */
  readonly ref: string | undefined;
  /** Publishes a version below `latest` too; only operators may ask for that. */
  readonly allowLower: boolean;
  readonly by: Actor;
}

export type FindTargetDeps = Uses<{
  jobs: 'history';
  packages: 'catalog' | 'judged' | 'ledger';
  repositories: 'all';
}>;
export type LocateTargetDeps = FindTargetDeps & Uses<{ clock: 'now'; source: 'resolve' }>;

export interface FoundTarget {
  readonly repository: Repository;
  /** '' for the whole repository. */
  readonly packagePath: string;
}

export interface LocatedTarget extends FoundTarget {
  readonly located: ResolvedCommit;
}

/** Finds the active repository that is meant, and the commit that the ref points to now. */
export async function locateTarget(
  deps: LocateTargetDeps,
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
    const located = await deps.source.resolve({ id, slug, ref, branches }, signal);
    return { ...found, located };
  } catch (error) {
    signal.throwIfAborted();
    return answerError(error, ref, deps.clock.now());
  }
}

async function findTarget(
  deps: FindTargetDeps,
  target: PublishTarget,
): Promise<FoundTarget | NotFound | Refused> {
  if (target.kind === 'package') return findPackage(deps, target.name);
  const repository = await findRepository(deps.repositories.all, target.slug);
  return isAnswer(repository) ? repository : { repository, packagePath: '' };
}

interface Place {
  readonly repositoryId: RepositoryId;
  readonly slug: string;
  readonly path: string;
}

/** Finds the package at its owner, else at its only holder; with several holders an operator must name the owner. */
async function findPackage(
  { jobs, packages, repositories }: FindTargetDeps,
  name: string,
): Promise<FoundTarget | NotFound | Refused> {
  const places = await listPlaces(packages, name);
  const owner = await packages.ledger.findOwner(name);
  const owned = owner === undefined ? places : places.filter((p) => p.repositoryId === owner.repositoryId);
  const [place] = owned;
  if (place === undefined) return notFound('package', name, await jobs.history.listPackageNames());
  const holders = [...new Set(owned.map(({ slug }) => slug))];
  if (holders.length > 1) {
    return refused(failure('name-contested', { name, holders: `it stands in ${holders.join(', ')}` }));
  }
  const repository = await repositories.all.find(place.repositoryId);
  if (repository === undefined) return notFound('package', name, []);
  return { repository, packagePath: place.path };
}

/** Lists where the name stands at heads; while no head was read, where a job saw it. */
async function listPlaces(
  { catalog, judged, ledger }: FindTargetDeps['packages'],
  name: string,
): Promise<readonly Place[]> {
  const rows = await catalog.listRows({ name });
  const publishable = rows.filter((row) => row.exclusion === undefined);
  if (rows.length > 0) return publishable.length > 0 ? publishable : rows;
  const places: Place[] = [];
  for (const { repositoryId, slug } of await ledger.listHolders(name)) {
    const seen = await judged.listKnownPackages(repositoryId);
    for (const { path } of seen.filter((known) => known.name === name)) {
      places.push({ repositoryId, slug, path });
    }
  }
  return places;
}

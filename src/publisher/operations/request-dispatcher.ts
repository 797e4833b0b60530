import type { Actor } from '../../domain/job/actor.ts';
import type { Repository } from '../../domain/repository/repository.ts';
import type { RegistrationAnswer } from '../github/registration.ts';
import type { FoundPackage } from '../github/registration-body.ts';
import type { NewId } from '../github/take-new-id.ts';
import { answerError, findRepository, isAnswer, type NotFound, type Refused, refused } from './answers.ts';
import type { Uses } from './core.ts';
import { type CompareDeps, compareAll } from './list-drift.ts';

/** A request for the workflow file that reports a repository's pushes. */
export interface DispatcherRequest {
  readonly slug: string;
  readonly kind: 'add' | 'remove';
  /** Merges the pull request, or has it merged as soon as that is allowed. */
  readonly merge: boolean;
  readonly by: Actor;
}

export interface DispatcherAnswer {
  readonly kind: 'asked';
  /** Set when the repository was made anew on GitHub and is followed by its new id from now on. */
  readonly change?: string;
  /** The repository after that: active once the pull request is merged. */
  readonly repository: Repository;
  readonly answer: RegistrationAnswer;
}

export type RequestDispatcherDeps = CompareDeps &
  Uses<{ audit: 'log'; clock: 'now'; repositories: 'registrar' | 'takeNewId' }>;

/**
 * Opens the pull request that adds or removes the dispatcher, or finds it open; its text lists the packages of the head.
 * Merging it activates the repository. Audited with the outcome.
 */
export async function requestDispatcher(
  deps: RequestDispatcherDeps,
  { slug, kind, merge, by }: DispatcherRequest,
  signal: AbortSignal,
): Promise<DispatcherAnswer | NotFound | Refused> {
  const { all, registrar } = deps.repositories;
  const repository = await findRepository(all, slug);
  if (isAnswer(repository)) return repository;
  const packages = kind === 'add' ? await listFound(deps, repository) : [];
  try {
    const made = await findNewId(deps, repository, kind, by, signal);
    if (made.kind === 'refused') return refused(made.failure);
    const request = { repository, kind, packages, merge, requestedBy: by };
    const answer = await registrar.request(request, signal);
    const facts = answer.kind === 'opened' ? { ...answer, pullRequest: answer.pullRequest.number } : answer;
    const action = kind === 'add' ? 'dispatcher-asked-for' : 'dispatcher-removal-asked-for';
    await deps.audit.log.append({ action, actor: by, subject: repository.slug, facts });
    const now = await all.find(repository.id);
    const change = made.kind === 'taken' ? { change: made.change } : {};
    return { kind: 'asked', repository: now ?? repository, answer, ...change };
  } catch (error) {
    signal.throwIfAborted();
    return answerError(error, undefined, deps.clock.now());
  }
}

/** Follows a repository that was made anew under its name, but only when somebody adds it. */
async function findNewId(
  { repositories }: RequestDispatcherDeps,
  repository: Repository,
  kind: DispatcherRequest['kind'],
  by: Actor,
  signal: AbortSignal,
): Promise<NewId> {
  return kind === 'add' ? repositories.takeNewId(repository, by, signal) : { kind: 'same' };
}

async function listFound(deps: CompareDeps, { id }: Repository): Promise<readonly FoundPackage[]> {
  const rows = await compareAll(deps, { repositoryId: id });
  return rows.map((row) => ({
    name: row.name,
    version: row.headVersion,
    path: row.path,
    excludedBecause: wordExclusion(row.kind, row.detail),
  }));
}

function wordExclusion(kind: string, detail: string | undefined): string | undefined {
  if (kind === 'excluded') return detail ?? 'no reason known';
  return kind === 'duplicate-owner' ? `several repositories hold its name: ${detail ?? ''}` : undefined;
}

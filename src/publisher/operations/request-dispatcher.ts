import type { Repository } from '../../domain/repository/repository.ts';
import type { FoundPackage } from '../github/registration-body.ts';
import type { NewId } from '../github/take-new-id.ts';
import { compareRows } from '../watch/catalog/compare.ts';
import { answerError, findRepository, isAnswer, refused } from './answers.ts';
import type { OperationsDeps } from './deps.ts';
import type { Actor, DispatcherRequest, Operations } from './operations.ts';

/** Asks for the pull request, with what was found when the repository was looked at; written down with its outcome. */
export async function requestDispatcher(
  deps: OperationsDeps,
  { slug, kind, merge, by }: DispatcherRequest,
  signal: AbortSignal,
): ReturnType<Operations['requestDispatcher']> {
  const repository = await findRepository(deps.pipeline.repositories, slug);
  if (isAnswer(repository)) return repository;
  const packages = kind === 'add' ? await listFound(deps, repository) : [];
  try {
    const made = await lookAtGitHub(deps, repository, kind, by, signal);
    if (made.kind === 'refused') return refused(made.failure);
    const request = { repository, kind, packages, merge, requestedBy: by };
    const answer = await deps.registrar.request(request, signal);
    const facts = answer.kind === 'opened' ? { ...answer, pullRequest: answer.pullRequest.number } : answer;
    const action = kind === 'add' ? 'dispatcher-asked-for' : 'dispatcher-removal-asked-for';
    await deps.audit.append({ action, actor: by, subject: repository.slug, facts });
    const now = await deps.pipeline.repositories.find(repository.id);
    const change = made.kind === 'taken' ? { change: made.change } : {};
    return { kind: 'asked', repository: now ?? repository, answer, ...change };
  } catch (error) {
    signal.throwIfAborted();
    return answerError(error, undefined, deps.clock.now());
  }
}

/** Whoever adds a repository means the one that has the name now. */
async function lookAtGitHub(
  deps: OperationsDeps,
  repository: Repository,
  kind: DispatcherRequest['kind'],
  by: Actor,
  signal: AbortSignal,
): Promise<NewId> {
  return kind === 'add' ? deps.takeNewId(repository, by, signal) : { kind: 'same' };
}

async function listFound(deps: OperationsDeps, { id }: Repository): Promise<readonly FoundPackage[]> {
  const rows = await deps.catalog.listRows({ repositoryId: id });
  const registered = (await deps.pipeline.repositories.list()).map(({ slug }) => slug);
  return compareRows(rows, {
    scopes: deps.scopes,
    registered,
    gitServerUrl: deps.pipeline.changelog.gitServerUrl,
  }).map((row) => ({
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

import { findRepository, isAnswer } from './answers.ts';
import type { OperationsDeps } from './deps.ts';
import type { Actor, Operations } from './operations.ts';

/** Nobody finds it any more; its history stays. */
export async function removeRepository(
  deps: OperationsDeps,
  slug: string,
  by: Actor,
): ReturnType<Operations['removeRepository']> {
  const repository = await findRepository(deps.pipeline.repositories, slug);
  if (isAnswer(repository)) return repository;
  const { names, cancelled, running, pullRequest } = await deps.register.remove(repository.id, by);
  const ending = running.filter((job) => deps.cancelRunning(job, by));
  const changes = [
    'removed',
    ...(names.length === 0 ? [] : [`names without an owner now: ${names.join(', ')}`]),
    ...(cancelled.length === 0 ? [] : [`cancelled: ${listJobs(cancelled)}`]),
    ...(pullRequest === undefined
      ? []
      : [`pull request #${pullRequest} would register nothing now: close it`]),
    ...(ending.length === 0 ? [] : [`ending: ${listJobs(ending)}`]),
  ];
  return { kind: 'changed', repository: { ...repository, status: 'disabled' }, changes };
}

function listJobs(jobs: readonly number[]): string {
  return jobs.map((job) => `#${job}`).join(', ');
}

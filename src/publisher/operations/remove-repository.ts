import type { Actor } from '../../domain/job/actor.ts';
import { type ChangeAnswer, findRepository, isAnswer, type NotFound } from './answers.ts';
import type { Uses } from './core.ts';

/** Removes a registration and gives its names back; running jobs end, its history stays. */
export async function removeRepository(
  { jobs, repositories }: Uses<{ jobs: 'cancelRunning'; repositories: 'all' | 'register' }>,
  slug: string,
  by: Actor,
): Promise<ChangeAnswer | NotFound> {
  const repository = await findRepository(repositories.all, slug);
  if (isAnswer(repository)) return repository;
  const { names, cancelled, running, pullRequest } = await repositories.register.remove(repository.id, by);
  const ending = running.filter((job) => jobs.cancelRunning(job, by));
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

import type { Actor } from '../../domain/job/actor.ts';
import { parseCommitSha } from '../../domain/repository/repository.ts';
import type { ProposedPackage } from '../preflight/repair/propose-fix.ts';
import { answerError, findRepository, isAnswer, type NotFound, notFound, type Refused } from './answers.ts';
import type { Uses } from './core.ts';

export interface ProposedFixes {
  readonly kind: 'proposed-fixes';
  readonly packages: readonly ProposedPackage[];
}

export type ProposeFixDeps = Uses<{
  clock: 'now';
  jobs: 'onChange' | 'retries';
  packages: 'fixes';
  repositories: 'all';
}>;

/** Opens a pull request for each package of a job that can be repaired without judgement, or finds the open one. */
export async function proposeFix(
  { clock, jobs, packages: { fixes }, repositories }: ProposeFixDeps,
  job: number,
  by: Actor,
  signal: AbortSignal,
): Promise<ProposedFixes | NotFound | Refused> {
  const found = await jobs.retries.findJob(job);
  const commit = parseCommitSha(found?.commit ?? '');
  if (found === undefined || commit === undefined) return notFound('job', `#${job}`, []);
  const repository = await findRepository(repositories.all, found.repository);
  if (isAnswer(repository)) return repository;
  try {
    const { packages } = found.report;
    const request = { repository, commit, packages, job, requestedBy: by };
    const proposed = await fixes.propose(request, signal);
    jobs.onChange();
    return { kind: 'proposed-fixes', packages: proposed };
  } catch (error) {
    signal.throwIfAborted();
    return answerError(error, undefined, clock.now());
  }
}

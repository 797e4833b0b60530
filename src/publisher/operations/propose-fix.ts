import type { Actor } from '../../domain/job/actor.ts';
import { parseCommitSha } from '../../domain/repository/repository.ts';
import { answerError, findRepository, isAnswer, notFound } from './answers.ts';
import type { OperationsDeps } from './deps.ts';
import type { Operations } from './operations.ts';

/** What a job found is proposed back to its repository, as far as it can be repaired without judgement. */
export async function proposeFix(
  deps: OperationsDeps,
  job: number,
  by: Actor,
  signal: AbortSignal,
): ReturnType<Operations['proposeFix']> {
  const found = await deps.jobs.findJob(job);
  const commit = parseCommitSha(found?.commit ?? '');
  if (found === undefined || commit === undefined) return notFound('job', `#${job}`, []);
  const repository = await findRepository(deps.pipeline.repositories, found.repository);
  if (isAnswer(repository)) return repository;
  try {
    const { packages } = found.report;
    const request = { repository, commit, packages, job, requestedBy: by };
    const proposed = await deps.fixes.propose(request, signal);
    deps.onAccepted();
    return { kind: 'proposed-fixes', packages: proposed };
  } catch (error) {
    signal.throwIfAborted();
    return answerError(error, undefined, deps.clock.now());
  }
}

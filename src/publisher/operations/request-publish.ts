import { isAnswer } from './answers.ts';
import type { OperationsDeps } from './deps.ts';
import { locateTarget } from './find-target.ts';
import type { Operations, PublishRequest } from './operations.ts';

/** How long a person waits for the git host to say what a ref is. */
const resolveTimeoutMs = 60_000;

/** A durable job for what a person asks; the queue writes down who it was. */
export async function requestPublish(
  deps: OperationsDeps,
  request: PublishRequest,
): ReturnType<Operations['requestPublish']> {
  const target = await locateTarget(deps, request, AbortSignal.timeout(resolveTimeoutMs));
  if (isAnswer(target)) return target;
  const { located, packagePath, repository } = target;
  await deps.looks.lift(repository.id, request.by);
  const acceptance = await deps.queue.accept({
    repositoryId: repository.id,
    commit: located.commit,
    packagePath,
    branch: located.branch,
    commitMessage: located.subject,
    commitAuthor: located.author,
    requestedBy: request.by,
    allowLower: request.allowLower,
    everything: packagePath === '',
  });
  const position = await deps.history.findPosition(acceptance.job);
  if (!acceptance.duplicate) deps.onAccepted();
  return {
    kind: 'queued',
    job: acceptance.job,
    dispatchId: acceptance.id,
    repository: repository.slug,
    commit: located.commit,
    status: acceptance.status,
    position,
    duplicate: acceptance.duplicate,
  };
}

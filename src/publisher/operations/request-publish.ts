import type { JobStatus } from '../../domain/job/report.ts';
import { isAnswer, type NotFound, type Refused } from './answers.ts';
import type { Uses } from './core.ts';
import { type LocateTargetDeps, locateTarget, type PublishRequest } from './find-target.ts';

export interface Queued {
  readonly kind: 'queued';
  readonly job: number;
  readonly dispatchId: string;
  readonly repository: string;
  readonly commit: string;
  readonly status: JobStatus;
  /** Number of jobs of the same repository before it, plus one; undefined when it already runs or is over. */
  readonly position: number | undefined;
  /** The same dispatch was already asked for, and is queued, running or published. */
  readonly duplicate: boolean;
}

export type RequestPublishDeps = LocateTargetDeps &
  Uses<{ jobs: 'history' | 'onChange' | 'queue'; repositories: 'looks' }>;

/** How long a person waits for the git host to resolve a ref. */
const resolveTimeoutMs = 60_000;

/** Queues a job for what a person asks; the queue records who it was. */
export async function requestPublish(
  deps: RequestPublishDeps,
  request: PublishRequest,
): Promise<Queued | NotFound | Refused> {
  const { jobs, repositories } = deps;
  const target = await locateTarget(deps, request, AbortSignal.timeout(resolveTimeoutMs));
  if (isAnswer(target)) return target;
  const { located, packagePath, repository } = target;
  await repositories.looks.lift(repository.id, request.by);
  const acceptance = await jobs.queue.accept({
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
  const position = await jobs.history.findPosition(acceptance.job);
  if (!acceptance.duplicate) jobs.onChange();
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

import type { Neighbour } from '../../src/domain/failure/failure.ts';
import type { DispatchRequest, Job } from '../../src/domain/job/report.ts';
import type { CommitSha, RepositoryId } from '../../src/domain/repository/repository.ts';
import type { JobEnd, JobQueue } from '../../src/ports/jobs.ts';

/** A push of everything in a repository, as the queue accepts it. */
export function dispatchOf(
  repository: number,
  commit: string,
  extra: Partial<DispatchRequest> = {},
): DispatchRequest {
  return {
    repositoryId: repository as RepositoryId,
    commit: commit as CommitSha,
    packagePath: '',
    branch: undefined,
    commitMessage: undefined,
    commitAuthor: undefined,
    requestedBy: 'event',
    allowLower: false,
    ...extra,
  };
}

/** Returns a made-up commit of that number, which no repository contains. */
export function commitOf(number: number): CommitSha {
  return number.toString(16).padStart(40, '0') as CommitSha;
}

/** Claims the next job; throws when there is none. */
export async function claimJob(queue: JobQueue, down: readonly Neighbour[] = []): Promise<Job> {
  const job = await queue.claim(down);
  if (job === undefined) throw new Error('there is no job to claim');
  return job;
}

/** Returns the end of a job without further facts. */
export function endedAs(status: JobEnd['status'], extra: Partial<JobEnd> = {}): JobEnd {
  return { status, failure: undefined, judgedBranch: undefined, announcement: undefined, ...extra };
}

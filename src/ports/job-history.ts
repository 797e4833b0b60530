import type { JobLine, PublishLine } from '../domain/job-line.ts';
import type { RepositoryId, RepositoryStatus } from '../domain/repository.ts';

export interface Waiting {
  /** Messages that could not be said yet. */
  readonly undelivered: number;
  /** Failed jobs that no newer job of their dispatch followed, newest first. */
  readonly failed: readonly number[];
}

/** What was done, for people who ask; newest first. */
export interface JobHistory {
  /** Of one repository, or of all. */
  listJobs(repositoryId: RepositoryId | undefined, limit: number): Promise<readonly JobLine[]>;
  /** Jobs that judged this package. */
  listPublishes(name: string, limit: number): Promise<readonly PublishLine[]>;
  /** Jobs of the same repository that run before it, plus one; undefined when it is not queued. */
  findPosition(job: number): Promise<number | undefined>;
  countRepositories(): Promise<Readonly<Record<RepositoryStatus, number>>>;
  /** What waits for a person; failures since `since` (epoch milliseconds), at most `limit` of them. */
  listWaiting(since: number, limit: number): Promise<Waiting>;
  /** Names of packages of registered repositories. */
  listPackageNames(): Promise<readonly string[]>;
}

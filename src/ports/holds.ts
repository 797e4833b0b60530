import type { Hold } from '../domain/hold.ts';
import type { RepositoryId } from '../domain/repository.ts';

/** Versions of one package that somebody waits for. */
export interface AwaitedPackage {
  readonly name: string;
  readonly versions: readonly string[];
  /** Epoch milliseconds of the youngest hold that needs one of them. */
  readonly since: number;
  /** Epoch milliseconds; 0 before the first look at the registry. */
  readonly lookedAt: number;
}

export interface HoldFilter {
  readonly repositoryId?: RepositoryId;
  readonly name?: string;
}

/**
 * Versions that are held until others are on the registry. Jobs record and end them as they end themselves, in the same
 * transaction; what waits for a version that a job published is queued in it too.
 */
export interface Holds {
  /** What waits, or is queued because what it waited for arrived; oldest first. */
  list(filter: HoldFilter): Promise<readonly Hold[]>;
  /** What has to be looked for, of active repositories. */
  listAwaited(): Promise<readonly AwaitedPackage[]>;
  /** The registry was asked for this package and shows these of the awaited versions: how many jobs were queued for it. */
  noteLook(name: string, present: readonly string[]): Promise<number>;
  /** Queues what waits for nothing any more, since its repository was disabled meanwhile: how many jobs. */
  releaseReady(): Promise<number>;
  /** Nothing that this job held waits any longer, says `by` (as the audit trail names people): how many versions. */
  cancel(job: number, by: string): Promise<number>;
}

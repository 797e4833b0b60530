import type { CommitSha, RepositoryId } from '../domain/repository.ts';

export interface CandidateSighting {
  readonly name: string;
  readonly path: string;
  readonly version: string | undefined;
  /** Object id of its manifest; undefined when that was not kept. */
  readonly oid: string | undefined;
}

/** Which commits of a branch were judged, and what was seen there (the package cache). */
export interface JudgedCommits {
  /** Newest first, at most `limit`. */
  listJudged(repositoryId: RepositoryId, branch: string, limit: number): Promise<readonly CommitSha[]>;
  /** Inserts or updates the cache rows of these candidates. */
  saveSightings(repositoryId: RepositoryId, sightings: readonly CandidateSighting[]): Promise<void>;
  /** What was readable before; a broken manifest there is a failure even when unchanged. */
  listKnownPackages(repositoryId: RepositoryId): Promise<readonly CandidateSighting[]>;
}

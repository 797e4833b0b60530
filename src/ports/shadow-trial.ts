import type { RepositoryId } from '../domain/repository.ts';
import type { ShadowVersion } from '../domain/shadow.ts';

/** A version of a trial, as a decision needs to know it. */
export interface RecordedVersion {
  readonly version: string;
  readonly integrity: string;
  readonly job: number;
}

/** What the registry would hold, had a repository in shadow mode published for itself. Each method is one transaction. */
export interface ShadowTrial {
  /**
   * Versions that the registry held when this name was first looked at in the trial; the first call says which.
   */
  begin(repositoryId: RepositoryId, name: string, versions: readonly string[]): Promise<readonly string[]>;
  /** What this trial would have published under the name. */
  listRecorded(name: string): Promise<readonly RecordedVersion[]>;
  /** Replaces what was recorded of the version, unless it was compared already. */
  record(version: ShadowVersion): Promise<void>;
}

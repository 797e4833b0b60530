import type { PackageResult } from '../domain/job/report.ts';
import type { RepositoryId } from '../domain/repository/repository.ts';
import type {
  ShadowFinding,
  ShadowSummary,
  ShadowVersion,
  WaitingVersion,
} from '../domain/repository/shadow.ts';

/** A version on the registry that no trial recorded. */
export interface Unexpected {
  readonly name: string;
  readonly version: string;
  readonly repositoryId: RepositoryId;
}

/** What is settled together: rows and their announcement in one transaction. */
export interface Settlement {
  readonly repositoryId: RepositoryId;
  readonly repository: string;
  /** `id` belongs to a recorded version; an unexpected one has none. */
  readonly findings: readonly { readonly id: number | undefined; readonly finding: ShadowFinding }[];
}

/** What a trial waits for and what came of it. Each method is one transaction. */
export interface ShadowComparisons {
  /** Oldest first, those that are overdue too. */
  listWaiting(): Promise<readonly WaitingVersion[]>;
  /** Notes those that are new; all that were not told yet, with when they were first seen (epoch milliseconds). */
  noteUnexpected(
    found: readonly Unexpected[],
  ): Promise<readonly (Unexpected & { readonly seenAt: number })[]>;
  /** What the newest job that judged this version in this repository said of it. */
  findVerdict(repositoryId: RepositoryId, name: string, version: string): Promise<PackageResult | undefined>;
  /** Keeps what was found and announces it, once. */
  settle(settlement: Settlement): Promise<void>;
  /** Ends the trials of all other repositories: what they wait for is forgotten, what was compared stays. */
  keepOnly(repositoryIds: readonly RepositoryId[]): Promise<void>;
  summarize(repositoryId: RepositoryId): Promise<ShadowSummary>;
}

/** A version of a trial, as a decision needs to know it. */
export interface RecordedVersion {
  readonly version: string;
  readonly integrity: string;
  readonly job: number;
}

/** What the registry would hold, had a repository in shadow mode published for itself. Each method is one transaction. */
export interface ShadowTrial {
  /** Versions that the registry held when this name was first looked at in the trial; before that, those that it shows now. */
  findStart(name: string, shown: readonly string[]): Promise<readonly string[]>;
  /**
   * Versions that the registry held when this name was first looked at in the trial; the first call says which.
   */
  begin(repositoryId: RepositoryId, name: string, versions: readonly string[]): Promise<readonly string[]>;
  /** What this trial would have published under the name. */
  listRecorded(name: string): Promise<readonly RecordedVersion[]>;
  /** Replaces what was recorded of the version, unless it was compared already. */
  record(version: ShadowVersion): Promise<void>;
}

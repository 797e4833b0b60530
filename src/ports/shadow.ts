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

/** Findings that are saved together, with their announcement, in one transaction. */
export interface Settlement {
  readonly repositoryId: RepositoryId;
  readonly repository: string;
  /** `id` is that of a recorded version; undefined for an unexpected version. */
  readonly findings: readonly { readonly id: number | undefined; readonly finding: ShadowFinding }[];
}

/** The versions that trials wait for, and the results of comparing them. Each method is one transaction. */
export interface ShadowComparisons {
  /** Lists versions, oldest first, including overdue ones. */
  listWaiting(): Promise<readonly WaitingVersion[]>;
  /**
   * Saves the versions that are new. Returns all that were not announced yet, with the time at which each was first
   * seen (epoch milliseconds).
   */
  noteUnexpected(
    found: readonly Unexpected[],
  ): Promise<readonly (Unexpected & { readonly seenAt: number })[]>;
  /** Returns what the newest job of this repository that judged this version said about it. */
  findVerdict(repositoryId: RepositoryId, name: string, version: string): Promise<PackageResult | undefined>;
  /** Saves the findings and announces them once. */
  settle(settlement: Settlement): Promise<void>;
  /** Ends the trials of all other repositories: the versions they wait for are forgotten, the comparisons are kept. */
  keepOnly(repositoryIds: readonly RepositoryId[]): Promise<void>;
  summarize(repositoryId: RepositoryId): Promise<ShadowSummary>;
}

/** A recorded version of a trial, with the facts that a decision needs. */
export interface RecordedVersion {
  readonly version: string;
  readonly integrity: string;
  readonly job: number;
}

/**
 * What the registry would contain if a repository in shadow mode published by itself. Each method is one transaction.
 */
export interface ShadowTrial {
  /**
   * Returns the versions that the registry had when the trial first looked at this name; before that first look,
   * returns `shown`, the versions it has now.
   */
  findStart(name: string, shown: readonly string[]): Promise<readonly string[]>;
  /**
   * Saves `versions` as those that the registry had when the trial first looked at this name, unless an earlier call
   * did so. Returns the saved versions.
   */
  begin(repositoryId: RepositoryId, name: string, versions: readonly string[]): Promise<readonly string[]>;
  /** Lists the versions that this trial would have published under the name. */
  listRecorded(name: string): Promise<readonly RecordedVersion[]>;
  /** Replaces the record of the version, unless it was compared already. */
  record(version: ShadowVersion): Promise<void>;
}

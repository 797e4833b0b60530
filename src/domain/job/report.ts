import type { Failure, RenderedFailure } from '../failure/failure.ts';
import type { Integrity } from '../package/packument.ts';
import type { CommitSha, PublishMode, RepositoryId, Slug } from '../repository/repository.ts';

/** States in which a package can end, in the words of the contract. */
export const packageStates = [
  'published',
  'skipped',
  'unchanged',
  'excluded',
  'failed',
  'held',
  'withdrawn',
  'not-attempted',
] as const;
export type PackageState = (typeof packageStates)[number];

export const jobStatuses = [
  'queued',
  'running',
  'published',
  'nothing-to-publish',
  'partially-failed',
  'failed',
  'cancelled',
  'shadowed',
] as const;
export type JobStatus = (typeof jobStatuses)[number];

export interface Finding {
  readonly rule: string;
  readonly severity: 'block' | 'warn' | 'info';
  readonly file?: string;
  readonly line?: number;
  /**
   * What the finding is about besides the file, where one file can have several: a GUID, a dependency, another package.
   */
  readonly subject?: string;
  /** Identifies a secret without revealing it. */
  readonly fingerprint?: string;
  /** One sentence that includes the fix. */
  readonly message: string;
  /**
   * Why the finding counts for less than its rule says. `ratchet`: the previous published version had it already;
   * `repair`: the tarball does not have it any more, but the commit does.
   */
  readonly loweredBy?: 'repository' | 'ratchet' | 'operator' | 'repair';
}

/** A version that has to be on the registry first. */
export interface AwaitedVersion {
  readonly name: string;
  readonly version: string;
}

/** Why a package is held. */
export interface Waiting {
  /** Branch on which the package's commit was found. */
  readonly branch: string;
  /** Versions that the package waits for; never empty. */
  readonly awaits: readonly AwaitedVersion[];
}

/** An operator's decision to let a version through in spite of what preflight found. */
export interface Override {
  /** Who decided, as the audit trail names people. */
  readonly by: string;
  /** The reason in the operator's own words; hostile text. */
  readonly reason: string;
  /** Number of blocking findings at that time. */
  readonly count: number;
}

/** One package of one job, as it is stored. */
export interface PackageResult {
  /** The manifest's name, or the path where the name cannot be read. */
  readonly name: string;
  readonly version: string | undefined;
  readonly previousVersion: string | undefined;
  /** Folder of the package; '' for the root. */
  readonly path: string;
  readonly state: PackageState;
  /** Why the package was skipped, unchanged or excluded, in one sentence; a failure has `failure` instead. */
  readonly note: string | undefined;
  readonly failure: Failure | undefined;
  readonly distTag: string | undefined;
  readonly integrity: Integrity | undefined;
  readonly tarballBytes: number | undefined;
  readonly findings: readonly Finding[];
  readonly warnings: readonly string[];
  /** The version's entry in CHANGELOG.md, without its heading; hostile text. */
  readonly changelog: string | undefined;
  /** True when a model put the commits into words. */
  readonly wordedByModel: boolean;
  /** Files of the tarball that the commit lacks or has with other contents; relative to the package. */
  readonly additions: readonly string[];
  /** Set when an operator let the version through. */
  readonly override?: Override;
  /** Set while the package is held. */
  readonly waiting?: Waiting;
}

export interface DispatchRequest {
  readonly repositoryId: RepositoryId;
  readonly commit: CommitSha;
  /** Path of one package; '' means every package. Normalised: no leading or trailing slash, no package.json. */
  readonly packagePath: string;
  /** For information only. */
  readonly branch: string | undefined;
  readonly commitMessage: string | undefined;
  readonly commitAuthor: string | undefined;
  /** `event` or a person's handle. */
  readonly requestedBy: string;
  readonly allowLower: boolean;
  /**
   * True when a person named the whole repository: every candidate is judged, changed or not. When left out, only what
   * changed is judged.
   */
  readonly everything?: boolean;
}

/** A claimed job with everything that the pipeline needs to know about it. */
export interface Job {
  /** Shown as #123. */
  readonly number: number;
  readonly dispatchId: string;
  readonly attempt: number;
  readonly repositoryId: RepositoryId;
  readonly slug: Slug;
  readonly mode: PublishMode;
  readonly branches: readonly string[];
  readonly scopes: readonly string[];
  readonly commit: CommitSha;
  readonly packagePath: string;
  readonly allowLower: boolean;
  /** True when every candidate is judged, changed or not. */
  readonly everything: boolean;
  /** Folders of the only packages that are judged, since what they waited for arrived. Left out for all other jobs. */
  readonly onlyPaths?: readonly string[];
  readonly requestedBy: string;
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  /** As the dispatch says; hostile text. */
  readonly commitAuthor: string | undefined;
  /**
   * Commit with which the dispatch is compared, fixed when it is judged for the first time; null when there is none and
   * everything counts as changed.
   */
  readonly base: CommitSha | null | undefined;
}

export interface StageTime {
  readonly stage: string;
  /** Name of the package, when the stage belongs to one. */
  readonly package: string | undefined;
  readonly attempt: number;
  readonly startedAt: number;
  readonly durationMs: number | undefined;
}

export interface PackageReport {
  readonly name: string;
  readonly version: string | null;
  readonly previousVersion: string | null;
  readonly path: string;
  readonly outcome: PackageState;
  readonly reason: string | null;
  readonly title: string | null;
  readonly remedy: string | null;
  readonly distTag: string | null;
  readonly integrity: string | null;
  readonly tarballBytes: number | null;
  readonly findings: readonly Finding[];
  readonly changelog: string | null;
  readonly wordedByModel: boolean;
  readonly additions: readonly string[];
  readonly warnings: readonly string[];
  /** Left out when no operator let the version through. */
  readonly override?: Override;
}

export interface JobReport {
  readonly job: number;
  readonly status: JobStatus;
  /** A neighbour's name, or what the job waits for; null while it runs or is final. */
  readonly waitingFor: string | null;
  readonly attempts: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly finishedAt: number | null;
  readonly failure: RenderedFailure | null;
  readonly stages: readonly StageTime[];
  readonly packages: readonly PackageReport[];
}

export interface DispatchReport {
  readonly id: string;
  readonly repository: string;
  readonly commit: string;
  readonly packagePath: string;
  readonly jobs: readonly JobReport[];
}

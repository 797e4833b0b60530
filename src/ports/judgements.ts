import type { DispatchReport, Job, PackageResult, PackageState } from '../domain/job/report.ts';
import type { Hold } from '../domain/package/hold.ts';
import type { LookVerdict } from '../domain/repository/head-crashes.ts';
import type { CommitSha, RepositoryId, Slug } from '../domain/repository/repository.ts';

export interface CandidateSighting {
  readonly name: string;
  readonly path: string;
  readonly version: string | undefined;
  /** Object id of the manifest; undefined when it was not recorded. */
  readonly oid: string | undefined;
}

/** Which commits of a branch were judged, and which packages were seen there (the package cache). */
export interface JudgedCommits {
  /** Newest first, at most `limit`. */
  listJudged(repositoryId: RepositoryId, branch: string, limit: number): Promise<readonly CommitSha[]>;
  /** Inserts or updates the cache rows of these candidates. */
  saveSightings(repositoryId: RepositoryId, sightings: readonly CandidateSighting[]): Promise<void>;
  /**
   * Returns the packages that were readable before; a broken manifest of such a package is a failure even when
   * unchanged.
   */
  listKnownPackages(repositoryId: RepositoryId): Promise<readonly CandidateSighting[]>;
}

/** An examination of a commit that nobody requested by name. */
export interface HeadLook {
  readonly repositoryId: RepositoryId;
  readonly commit: CommitSha;
  /** The branch whose head the commit is, or `#12` for a pull request. */
  readonly place: string;
  readonly kind: 'push' | 'catalog' | 'check';
}

export interface LeftAlone {
  readonly repository: Slug;
  readonly commit: CommitSha;
}

/**
 * Records which looks at commits are in progress, to find out which commit was examined when the process died. Each
 * method is one transaction.
 */
export interface LookMarks {
  judge(look: Pick<HeadLook, 'repositoryId' | 'commit'>): Promise<LookVerdict>;
  /** Called before the look; forgets what is known of earlier commits of the same place. */
  begin(look: HeadLook): Promise<void>;
  /** Called after the look. `isHarmless` forgets the crashes counted for it. */
  end(look: HeadLook, isHarmless: boolean): Promise<void>;
  /**
   * Called once at start, before anything else runs: counts a crash for each look that never ended. A second crash
   * counts only when no job was running that could have caused it. Announces and returns the commits that are left
   * alone from now on.
   */
  countCrashes(): Promise<readonly LeftAlone[]>;
  /** Called when the process is asked to stop: looks that it does not wait for do not count as crashes. */
  pardon(): Promise<void>;
  /** A person asks for the repository to be looked at again; false when no crash was counted against it. */
  lift(repositoryId: RepositoryId, by: string): Promise<boolean>;
  listSuspected(): Promise<ReadonlySet<RepositoryId>>;
  /** Commits left alone, of active repositories only. */
  listLeftAlone(): Promise<readonly LeftAlone[]>;
  isJobRunning(): Promise<boolean>;
}

/** Versions of one package that held versions wait for. */
export interface AwaitedPackage {
  readonly name: string;
  readonly versions: readonly string[];
  /** Epoch milliseconds of the newest hold that needs one of these versions. */
  readonly since: number;
  /** Epoch milliseconds; 0 before the registry was first asked. */
  readonly lookedAt: number;
}

export interface HoldFilter {
  readonly repositoryId?: RepositoryId;
  readonly name?: string;
}

/**
 * Versions held until other versions are on the registry. A job records and ends holds in the transaction in which it
 * ends; versions that waited for something it published are queued in that transaction too.
 */
export interface Holds {
  /** Lists holds that wait, or that are queued because what they waited for arrived; oldest first. */
  list(filter: HoldFilter): Promise<readonly Hold[]>;
  /** Lists the versions to look for on the registry, for active repositories. */
  listAwaited(): Promise<readonly AwaitedPackage[]>;
  /**
   * Records that the registry was asked for this package and shows these awaited versions; returns the number of jobs
   * queued for it.
   */
  noteLook(name: string, present: readonly string[]): Promise<number>;
  /**
   * Queues held versions that wait for nothing any more because their repository was disabled meanwhile; returns the
   * number of jobs.
   */
  releaseReady(): Promise<number>;
  /** Ends all holds of this job; `by` names who did it, as in the audit trail. Returns the number of versions. */
  cancel(job: number, by: string): Promise<number>;
}

export interface OpenPackage {
  readonly path: string;
  readonly name: string;
  readonly state: PackageState;
  /** The commit at which the package was judged. */
  readonly commit: CommitSha;
  /** Reason of the failure; undefined in old rows. */
  readonly reason: string | undefined;
}

/** Another commit of the repository that was judged, wholly or in part. */
export interface OtherJudgement {
  readonly commit: CommitSha;
  /** Package path of its dispatch; '' for the whole commit. */
  readonly packagePath: string;
  /** True when it was judged before anything of the job's own commit. */
  readonly isBefore: boolean;
}

/** What a job has done so far; survives crashes. */
export interface JobLog {
  /** Returns the id to pass to `endStage`. */
  startStage(job: Job, stage: string, packageName: string | undefined): Promise<number>;
  endStage(id: number): Promise<void>;
  /** Inserts or replaces by job and path. */
  savePackages(job: Job, results: readonly PackageResult[]): Promise<void>;
  /**
   * Returns, by path, the newest result of an earlier job of the repository for these folders; "unchanged" results are
   * ignored.
   */
  listEarlier(
    job: Pick<Job, 'number' | 'repositoryId'>,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, PackageResult>>;
  /** Like `listEarlier`, but only from commits other than the job's own. */
  listEarlierElsewhere(job: Job, paths: readonly string[]): Promise<ReadonlyMap<string, PackageResult>>;
  /** Newest judgement first, limited to the newest few hundred. */
  listOtherJudgements(job: Job): Promise<readonly OtherJudgement[]>;
  /** Results of this job, earlier attempts included. */
  listPackages(job: number): Promise<readonly PackageResult[]>;
  /**
   * Returns the packages of the repository whose last judgement on this branch ended failed, held or not attempted,
   * with the commit at which they were judged.
   */
  listOpenPackages(job: Pick<Job, 'repositoryId'>, branch: string): Promise<readonly OpenPackage[]>;
  findReport(dispatchId: string): Promise<DispatchReport | undefined>;
}

import type { DispatchReport, Job, PackageResult, PackageState } from '../domain/job/report.ts';
import type { Hold } from '../domain/package/hold.ts';
import type { LookVerdict } from '../domain/repository/head-crashes.ts';
import type { CommitSha, RepositoryId, Slug } from '../domain/repository/repository.ts';

export interface CandidateSighting {
  readonly name: string;
  readonly path: string;
  readonly version: string | undefined;
  /** Git object id of the manifest; undefined if it was not stored. */
  readonly oid: string | undefined;
}

/** Stores which commits of a branch were judged and which candidates were found in them (the package cache). */
export interface JudgedCommits {
  /** Returns at most `limit` commits of the branch, newest judgement first. */
  listJudged(repositoryId: RepositoryId, branch: string, limit: number): Promise<readonly CommitSha[]>;
  /** Inserts or updates the cache rows of these candidates. */
  saveSightings(repositoryId: RepositoryId, sightings: readonly CandidateSighting[]): Promise<void>;
  /**
   * Returns the candidates whose manifest could be read before. If one of their manifests is broken now, that is a
   * failure even when the file has not changed.
   */
  listKnownPackages(repositoryId: RepositoryId): Promise<readonly CandidateSighting[]>;
}

/** A look at a commit that the process takes on its own account, without a request for this commit. */
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
 * Records which looks are under way, so that the next process knows which of them were running when the last one died.
 * Each method is one transaction.
 */
export interface LookMarks {
  judge(look: Pick<HeadLook, 'repositoryId' | 'commit'>): Promise<LookVerdict>;
  /** Records that the look begins, and deletes what is known about earlier commits of the same place. */
  begin(look: HeadLook): Promise<void>;
  /** Records that the look ended. If `isHarmless` is true, the crashes counted for it are deleted. */
  end(look: HeadLook, isHarmless: boolean): Promise<void>;
  /**
   * Counts a crash for each look that never ended; called once at the start, before anything else runs. The second
   * crash of a look is counted only if no job was running that could have caused it. Announces and returns the commits
   * that are left alone from now on.
   */
  countCrashes(): Promise<readonly LeftAlone[]>;
  /** Prevents crashes from being counted for looks that are still running while the process shuts down on request. */
  pardon(): Promise<void>;
  /**
   * Deletes the crashes counted for the repository, because a person asked for another look at it. Returns false if
   * there were none.
   */
  lift(repositoryId: RepositoryId, by: string): Promise<boolean>;
  listSuspected(): Promise<ReadonlySet<RepositoryId>>;
  /** Lists the commits of active repositories that are left alone. */
  listLeftAlone(): Promise<readonly LeftAlone[]>;
  isJobRunning(): Promise<boolean>;
}

/** Versions of one package that held versions wait for. */
export interface AwaitedPackage {
  readonly name: string;
  readonly versions: readonly string[];
  /** Epoch milliseconds; when the youngest hold that needs one of these versions began. */
  readonly since: number;
  /** Epoch milliseconds of the last look at the registry; 0 before the first. */
  readonly lookedAt: number;
}

export interface HoldFilter {
  readonly repositoryId?: RepositoryId;
  readonly name?: string;
}

/**
 * Versions that are held until other versions are on the registry. The transaction that ends a job also records and
 * ends the job's holds, and queues a job for held versions that waited only for a version the job published.
 */
export interface Holds {
  /** Lists holds that wait, or that are queued because the versions they waited for have arrived; oldest first. */
  list(filter: HoldFilter): Promise<readonly Hold[]>;
  /** Lists the versions that holds of active repositories wait for. */
  listAwaited(): Promise<readonly AwaitedPackage[]>;
  /**
   * Records that the registry was asked for this package and has the awaited versions in `present`. Returns the number
   * of jobs that were queued as a result.
   */
  noteLook(name: string, present: readonly string[]): Promise<number>;
  /**
   * Queues jobs for holds that wait for nothing any more but were not released while their repository was disabled.
   * Returns the number of jobs.
   */
  releaseReady(): Promise<number>;
  /**
   * Cancels all waiting holds of this job. `by` names the person as the audit trail does. Returns the number of
   * versions.
   */
  cancel(job: number, by: string): Promise<number>;
}

export interface OpenPackage {
  readonly path: string;
  readonly name: string;
  readonly state: PackageState;
  /** The commit at which the package was judged. */
  readonly commit: CommitSha;
  /** The reason of the package's failure; undefined in old rows that lack it. */
  readonly reason: string | undefined;
}

/** Another commit of the same repository in which at least one package was judged. */
export interface OtherJudgement {
  readonly commit: CommitSha;
  /** Package path of the dispatch; '' if the dispatch covers the whole commit. */
  readonly packagePath: string;
  /** True if this commit was judged before any package of the job's own commit was. */
  readonly isBefore: boolean;
}

/** What a job has done so far; survives crashes. */
export interface JobLog {
  /** Returns the id to pass to `endStage`. */
  startStage(job: Job, stage: string, packageName: string | undefined): Promise<number>;
  endStage(id: number): Promise<void>;
  /** Inserts the results, or replaces those with the same job and path. */
  savePackages(job: Job, results: readonly PackageResult[]): Promise<void>;
  /**
   * Returns, by path, the result of the newest earlier job of the repository for each of these folders. Results in the
   * state `unchanged` are ignored.
   */
  listEarlier(
    job: Pick<Job, 'number' | 'repositoryId'>,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, PackageResult>>;
  /** Like `listEarlier`, but only for commits other than the job's own. */
  listEarlierElsewhere(job: Job, paths: readonly string[]): Promise<ReadonlyMap<string, PackageResult>>;
  /** Lists the newest judgements first, at most a few hundred. */
  listOtherJudgements(job: Job): Promise<readonly OtherJudgement[]>;
  /** Lists the results of this job, earlier attempts included. */
  listPackages(job: number): Promise<readonly PackageResult[]>;
  /**
   * Lists packages of the repository whose last judgement on this branch ended as failed, held or not attempted, with
   * the commit at which they were judged.
   */
  listOpenPackages(job: Pick<Job, 'repositoryId'>, branch: string): Promise<readonly OpenPackage[]>;
  findReport(dispatchId: string): Promise<DispatchReport | undefined>;
}

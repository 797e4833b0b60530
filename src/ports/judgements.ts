import type { DispatchReport, Job, PackageResult, PackageState } from '../domain/job/report.ts';
import type { Hold } from '../domain/package/hold.ts';
import type { LookVerdict } from '../domain/repository/head-crashes.ts';
import type { CommitSha, RepositoryId, Slug } from '../domain/repository/repository.ts';

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

/** A look at a commit that nobody asked for by name. */
export interface HeadLook {
  readonly repositoryId: RepositoryId;
  readonly commit: CommitSha;
  /** The branch that the commit is the head of, or `#12` for a pull request. */
  readonly place: string;
  readonly kind: 'push' | 'catalog' | 'check';
}

export interface LeftAlone {
  readonly repository: Slug;
  readonly commit: CommitSha;
}

/** Which looks were going on when a process died. Each method is one transaction. */
export interface LookMarks {
  judge(look: Pick<HeadLook, 'repositoryId' | 'commit'>): Promise<LookVerdict>;
  /** Before the look; what is known of earlier commits of the same place is forgotten. */
  begin(look: HeadLook): Promise<void>;
  /** After it. `isHarmless`: crashes that were counted for it are forgotten. */
  end(look: HeadLook, isHarmless: boolean): Promise<void>;
  /**
   * Once at the start, before anything else runs: looks that never ended count a crash. A second one counts only when no
   * job was running that could have caused it. Tells people of what is left alone from now on, and gives it back.
   */
  countCrashes(): Promise<readonly LeftAlone[]>;
  /** The process was asked to end: looks that it does not wait for count no crash. */
  pardon(): Promise<void>;
  /** A person wants it looked at again; false when nothing was held against it. */
  lift(repositoryId: RepositoryId, by: string): Promise<boolean>;
  listSuspected(): Promise<ReadonlySet<RepositoryId>>;
  /** Of repositories that are active. */
  listLeftAlone(): Promise<readonly LeftAlone[]>;
  isJobRunning(): Promise<boolean>;
}

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

export interface OpenPackage {
  readonly path: string;
  readonly name: string;
  readonly state: PackageState;
  /** Where it was judged. */
  readonly commit: CommitSha;
  /** Of its failure; undefined in rows of long ago. */
  readonly reason: string | undefined;
}

/** Another commit of the repository, of which something was judged. */
export interface OtherJudgement {
  readonly commit: CommitSha;
  /** Of its dispatch: '' for all of the commit. */
  readonly packagePath: string;
  /** Before anything of the job's own commit was. */
  readonly isBefore: boolean;
}

/** What a job did so far; survives crashes. */
export interface JobLog {
  /** Returns the id to end it with. */
  startStage(job: Job, stage: string, packageName: string | undefined): Promise<number>;
  endStage(id: number): Promise<void>;
  /** Inserts or replaces by (job, path). */
  savePackages(job: Job, results: readonly PackageResult[]): Promise<void>;
  /** What the newest earlier job of the repository said of these folders; "unchanged" says nothing. By path. */
  listEarlier(
    job: Pick<Job, 'number' | 'repositoryId'>,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, PackageResult>>;
  /** The same, of commits other than the job's own. */
  listEarlierElsewhere(job: Job, paths: readonly string[]): Promise<ReadonlyMap<string, PackageResult>>;
  /** Newest judgement first, at most the newest few hundred. */
  listOtherJudgements(job: Job): Promise<readonly OtherJudgement[]>;
  /** Of this job (earlier attempts included). */
  listPackages(job: number): Promise<readonly PackageResult[]>;
  /**
   * Packages of the repository whose last judgement on this branch ended failed, held or not attempted,
   * with the commit they were judged at.
   */
  listOpenPackages(job: Pick<Job, 'repositoryId'>, branch: string): Promise<readonly OpenPackage[]>;
  findReport(dispatchId: string): Promise<DispatchReport | undefined>;
}

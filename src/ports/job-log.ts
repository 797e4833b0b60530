import type { DispatchReport, Job, PackageResult, PackageState } from '../domain/report.ts';
import type { CommitSha } from '../domain/repository.ts';

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

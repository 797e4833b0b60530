import type { Job } from '../domain/report.ts';
import type { SupersededMode } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobLog } from '../ports/job-log.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { JudgedCommits } from '../ports/judged-commits.ts';
import type { LfsObjects } from '../ports/lfs-objects.ts';
import type { Logger } from '../ports/logger.ts';
import type { Packer } from '../ports/packer.ts';
import type { PreflightExceptions } from '../ports/preflight-exceptions.ts';
import type { PublishLedger } from '../ports/publish-ledger.ts';
import type { Registry } from '../ports/registry.ts';
import type { Repositories } from '../ports/repositories.ts';
import type { RepositorySource } from '../ports/repository-source.ts';
import type { SecretScanner } from '../ports/secret-scanner.ts';
import type { ShadowTrial } from '../ports/shadow-trial.ts';
import type { TarballContentsReader } from '../ports/tarball-contents.ts';
import type { Volume } from '../ports/volume.ts';
import type { Workspace } from '../ports/workspace.ts';
import type { ChangelogDeps } from './changelog/prepare-changelogs.ts';
import type { IndexDeps } from './guid-index/index-version.ts';
import type { ProgressSink } from './progress.ts';
import type { SigningDeps } from './sign-packed.ts';

/** Everything the publish pipeline talks to. */
export interface PipelineDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly queue: Pick<JobQueue, 'fixBase' | 'listWaiting'>;
  readonly jobLog: JobLog;
  readonly judged: JudgedCommits;
  readonly ledger: PublishLedger;
  /** What operators let through. */
  readonly exceptions: Pick<PreflightExceptions, 'findOverride' | 'listAllowedSecrets'>;
  readonly repositories: Repositories;
  readonly source: RepositorySource;
  readonly registry: Registry;
  /** Tells the registry's token apart from every other, and is none. */
  readonly registryCredentials: () => string;
  readonly packer: Packer;
  readonly lfs: LfsObjects;
  readonly signing: SigningDeps;
  readonly secrets: SecretScanner;
  readonly workspace: Workspace;
  readonly volume: Volume;
  /** What shadow mode would have published, and what it decides against. */
  readonly trial: ShadowTrial;
  readonly contents: TarballContentsReader;
  readonly changelog: ChangelogDeps;
  /** What rules are told of the registry. */
  readonly preflight: IndexDeps;
  readonly limits: PipelineLimits;
  readonly progress: ProgressSink;
}

export interface PipelineLimits {
  /** PACKAGE_SCOPES. */
  readonly scopes: readonly string[];
  readonly sizeWarnBytes: number;
  readonly sizeMaxBytes: number;
  /** Packages of one job that are published at a time. */
  readonly packagesAtOnce: number;
  /** How long one run keeps reading before it gives its place away. */
  readonly confirmInRunMs: number;
  /** PUBLISH_SUPERSEDED. */
  readonly superseded: SupersededMode;
}

/** One attempt of one job. */
export interface Run {
  readonly job: Job;
  readonly signal: AbortSignal;
  /** Runs `work` as a named stage that is logged and timed. */
  stage<T>(name: string, packageName: string | undefined, work: () => Promise<T>): Promise<T>;
}

export function startRun(
  deps: Pick<PipelineDeps, 'jobLog' | 'logger' | 'progress'>,
  job: Job,
  signal: AbortSignal,
): Run {
  async function stage<T>(name: string, packageName: string | undefined, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    deps.logger.debug('stage', { job: job.number, attempt: job.attempt, stage: name, package: packageName });
    if (packageName !== undefined) deps.progress.stage(job, name, packageName);
    const id = await deps.jobLog.startStage(job, name, packageName);
    try {
      return await work();
    } finally {
      await deps.jobLog.endStage(id);
    }
  }
  return { job, signal, stage };
}

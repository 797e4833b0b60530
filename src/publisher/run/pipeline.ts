import type { Job } from '../../domain/job/report.ts';
import type { SigningPolicy } from '../../domain/package/signing.ts';
import type { SupersededMode } from '../../domain/repository/repository.ts';
import type { PublishLedger } from '../../ports/catalog.ts';
import type { ChangelogEntries } from '../../ports/changelogs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CommitHistory, LfsObjects, RepositorySource } from '../../ports/git.ts';
import type { JobQueue } from '../../ports/jobs.ts';
import type { JobLog, JudgedCommits } from '../../ports/judgements.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Packer, Signer, TarballContentsReader, Workspace } from '../../ports/packing.ts';
import type { PreflightExceptions, SecretScanner } from '../../ports/preflight.ts';
import type { Registry } from '../../ports/registry.ts';
import type { Repositories } from '../../ports/repositories.ts';
import type { ShadowTrial } from '../../ports/shadow.ts';
import type { Volume } from '../../ports/system.ts';
import type { ChangelogWording } from '../../ports/wording.ts';
import type { IndexDeps } from '../preflight/guid-index/index-version.ts';
import type { ProgressSink } from './progress.ts';

export interface ChangelogDeps {
  readonly history: CommitHistory;
  readonly entries: ChangelogEntries;
  /** Undefined without a key: then everything is worded by rule. */
  readonly wording: ChangelogWording | undefined;
  /** CHANGELOG_BUDGET_SECONDS, in milliseconds: how long a dispatch waits for all its requests together. */
  readonly budgetMs: number;
  /** GITHUB_SERVER_URL, without a trailing slash: references of entries lead there. */
  readonly gitServerUrl: string;
  readonly redact: (text: string) => string;
}

export interface SigningDeps {
  readonly policy: SigningPolicy;
  /** Undefined: nothing can be signed. */
  readonly signer: Signer | undefined;
}

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

import type { PublishLedger } from '../ports/catalog.ts';
import type { ChangelogEntries } from '../ports/changelogs.ts';
import type { Clock } from '../ports/clock.ts';
import type { CommitHistory, LfsObjects, RepositorySource } from '../ports/git.ts';
import type { JobQueue } from '../ports/jobs.ts';
import type { JobLog, JudgedCommits } from '../ports/judgements.ts';
import type { Logger } from '../ports/logger.ts';
import type { Packer, TarballContentsReader, Workspace } from '../ports/packing.ts';
import type { PreflightExceptions, SecretScanner } from '../ports/preflight.ts';
import type { Registry } from '../ports/registry.ts';
import type { Repositories } from '../ports/repositories.ts';
import type { ShadowTrial } from '../ports/shadow.ts';
import type { Volume } from '../ports/system.ts';
import type { ChangelogWords } from '../publisher/changelog/deps.ts';
import { buildCommitHalf } from '../publisher/dispatch/commit-half.ts';
import type { CommitDeps, PrepareDeps } from '../publisher/dispatch/deps.ts';
import type { PreparePackageDeps, SigningDeps } from '../publisher/package/deps.ts';
import type { IndexDeps } from '../publisher/preflight/guid-index/index-version.ts';
import type { PipelineHalves, RunJobDeps } from '../publisher/queue/run-job.ts';
import type { ProgressSink } from '../publisher/run/progress.ts';
import type { PipelineLimits } from '../publisher/run/run.ts';

/** Everything that the pipeline talks to, before each stage gets what it uses. */
export interface PipelineParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly queue: JobQueue;
  readonly jobLog: JobLog;
  readonly judged: JudgedCommits;
  readonly ledger: PublishLedger;
  readonly exceptions: PreflightExceptions;
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
  readonly changelog: ChangelogParts;
  /** What rules are told of the registry. */
  readonly preflight: IndexDeps;
  readonly limits: PipelineLimits;
  readonly progress: ProgressSink;
}

export interface ChangelogParts extends ChangelogWords {
  readonly history: CommitHistory;
  readonly entries: ChangelogEntries;
}

/** The half that writes nothing: for jobs, dry runs and checks. */
export function openPrepare(parts: PipelineParts): PrepareDeps {
  const { clock, logger, source, judged, jobLog, ledger, registry, repositories, limits } = parts;
  const { entries, history, ...words } = parts.changelog;
  const { lfs, preflight, trial, volume, workspace } = parts;
  const { gitServerUrl } = words;
  return {
    clock,
    logger,
    volume,
    source,
    select: { source, judged, jobLog },
    judge: { source, jobLog, ledger, registry, repositories, trial, limits, gitServerUrl },
    context: { ledger, repositories, preflight, limits },
    changelog: { clock, logger, source, history, ledger, entries, lfs, workspace, words },
    package: openPreparePackage(parts),
    packagesAtOnce: limits.packagesAtOnce,
  };
}

/** The same on other mirrors. */
export function openPrepareFrom(parts: PipelineParts, source: RepositorySource & CommitHistory): PrepareDeps {
  return openPrepare({ ...parts, source, changelog: { ...parts.changelog, history: source } });
}

function openPreparePackage(parts: PipelineParts): PreparePackageDeps {
  const { clock, logger, ledger, registry, repositories, exceptions, limits, workspace } = parts;
  const { lfs, packer, secrets, signing, source } = parts;
  const { gitServerUrl } = parts.changelog;
  const { index } = parts.preflight;
  const check = { logger, ledger, registry, index, secrets, repositories, exceptions, limits, gitServerUrl };
  return {
    exceptions,
    kept: { ledger, workspace },
    build: { logger, source, workspace, packer, lfs, signing, repositories, limits, check },
    readBack: { clock, ledger, registry, limits },
  };
}

/** The half that publishes, and keeps what a job came to. */
export function openCommit(parts: PipelineParts): CommitDeps {
  const { clock, logger, queue, jobLog, judged, ledger, registry, registryCredentials, source } = parts;
  const { changelog, contents, limits, progress, trial, workspace } = parts;
  const { gitServerUrl, entries } = changelog;
  const { index } = parts.preflight;
  return {
    giveWay: { queue, jobLog, source },
    queue,
    judged,
    jobLog,
    ledger,
    entries,
    package: {
      send: { clock, logger, ledger, registry, registryCredentials, gitServerUrl },
      readBack: { clock, ledger, registry, limits },
      record: { ledger, registry, workspace, index, logger },
    },
    shadow: { trial, contents, workspace },
    progress,
  };
}

export function openHalves(parts: PipelineParts): PipelineHalves {
  const commit = openCommit(parts);
  return { prepare: openPrepare(parts), commit: (run) => buildCommitHalf(commit, run) };
}

/** For whoever runs jobs, with both halves unless others are given. */
export function openRun(
  parts: PipelineParts,
  more: Pick<RunJobDeps, 'deadlineMs' | 'holds' | 'mode' | 'outages'>,
  pipeline: PipelineHalves = openHalves(parts),
): RunJobDeps {
  const { clock, logger, queue, jobLog, progress } = parts;
  return { clock, logger, queue, jobLog, progress, pipeline, ...more };
}

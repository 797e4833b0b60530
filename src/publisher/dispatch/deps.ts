import type { PublishLedger } from '../../ports/catalog.ts';
import type { ChangelogEntries } from '../../ports/changelogs.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RepositorySource } from '../../ports/git.ts';
import type { JobQueue } from '../../ports/jobs.ts';
import type { JobLog, JudgedCommits } from '../../ports/judgements.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Volume } from '../../ports/system.ts';
import type { ChangelogDeps } from '../changelog/deps.ts';
import type { CommitContextDeps, JudgeDeps, SelectDeps } from '../judge/deps.ts';
import type { CommitPackageDeps, PreparePackageDeps } from '../package/deps.ts';
import type { ProgressSink } from '../run/progress.ts';
import type { RecordTrialDeps } from '../trial/record-for-trial.ts';

/**
 * Dependencies of the pipeline's first half, stage by stage: fetch, select, judge, changelog, build, pack, check,
 * sign. They write nothing but files in a folder of our own.
 */
export interface PrepareDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly volume: Volume;
  readonly source: Pick<RepositorySource, 'locate'>;
  readonly select: SelectDeps;
  readonly judge: JudgeDeps;
  readonly context: CommitContextDeps;
  readonly changelog: ChangelogDeps;
  readonly package: PreparePackageDeps;
  /** How many packages of one commit are prepared and committed at the same time. */
  readonly packagesAtOnce: number;
}

/** Dependencies for finding out whether jobs of older commits go first. */
export interface GiveWayDeps {
  readonly queue: Pick<JobQueue, 'listWaiting'>;
  readonly jobLog: Pick<JobLog, 'listPackages'>;
  readonly source: Pick<RepositorySource, 'listAncestors'>;
}

/**
 * Dependencies of the second half: it saves what each step found, then sends, reads back and records the packages.
 */
export interface CommitDeps {
  readonly giveWay: GiveWayDeps;
  readonly queue: Pick<JobQueue, 'fixBase'>;
  readonly judged: Pick<JudgedCommits, 'saveSightings'>;
  readonly jobLog: Pick<JobLog, 'savePackages'>;
  readonly ledger: Pick<PublishLedger, 'claimName'>;
  readonly entries: Pick<ChangelogEntries, 'save'>;
  readonly package: CommitPackageDeps;
  /** Used by runs in shadow mode only. */
  readonly shadow: RecordTrialDeps;
  readonly progress: Pick<ProgressSink, 'planned' | 'settled'>;
}

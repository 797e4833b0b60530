import { failure, renderFailure } from '../../domain/failure/failure.ts';
import type { JobLine } from '../../domain/job/job-line.ts';
import { type DriftRow, type DriftSummary, orderDrift, summarizeDrift } from '../../domain/package/drift.ts';
import type { RepositoryStatus } from '../../domain/repository/repository.ts';
import type { ScheduledJobState } from '../../ports/schedule.ts';
import type { Readiness } from '../queue/readiness.ts';
import type { CoreRepositories, Uses } from './core.ts';
import { type CompareDeps, compareAll } from './list-drift.ts';
import { wordPending } from './word-pending.ts';

export interface Overview {
  readonly readiness: Readiness;
  readonly queued: number;
  readonly running: number;
  readonly parked: number;
  readonly repositories: Readonly<Record<RepositoryStatus, number>>;
  /** Newest first. */
  readonly lastJobs: readonly JobLine[];
  readonly drift: DriftSummary;
  /** Number of changelog entries of published versions that have not reached their repository. */
  readonly pendingChangelogs: number;
  /** Number of versions that wait for others. */
  readonly held: number;
  /** Sentences about contested names, undelivered messages, failed jobs nobody retried, pending changelogs. */
  readonly waitsForPerson: readonly string[];
  /** Soonest first; those that are off come last. */
  readonly scheduledJobs: readonly ScheduledJobState[];
}

export type DescribeOverviewDeps = CompareDeps &
  Uses<{
    changelogs: 'writeBacks';
    clock: 'now';
    jobs: 'history' | 'keeper' | 'readiness' | 'schedule';
    packages: 'holds';
    repositories: 'checks' | 'looks';
  }>;

const jobsShown = 10;
const failedShown = 10;
const contestedShown = 10;
/** Nobody looks for older failures any more. */
const failedWithinMs = 7 * 24 * 3_600_000;

/** Describes how things stand, from what is known; asks no neighbour. */
export async function describeOverview(deps: DescribeOverviewDeps): Promise<Overview> {
  const { history, keeper, readiness, schedule } = deps.jobs;
  const { queued, running, parked } = await keeper.countDepth();
  const rows = await compareAll(deps, {});
  const pending = await deps.changelogs.writeBacks.listPending();
  return {
    readiness: await readiness(),
    queued,
    running,
    parked,
    repositories: await history.countRepositories(),
    lastJobs: await history.listJobs(undefined, jobsShown),
    drift: summarizeDrift(orderDrift(rows)),
    pendingChangelogs: pending.length,
    held: (await deps.packages.holds.list({})).length,
    scheduledJobs: await schedule.list(),
    waitsForPerson: [
      ...(await wordLeftAlone(deps.repositories)),
      ...(await wordWaiting(deps, rows)),
      ...wordPending(pending),
      ...(await wordChecks(deps.repositories)),
    ],
  };
}

async function wordLeftAlone({ looks }: Pick<CoreRepositories, 'looks'>): Promise<readonly string[]> {
  const left = await looks.listLeftAlone();
  return left.map((facts) => renderFailure(failure('head-left-alone', { ...facts })).title);
}

/** Words checks that cannot be written; said only here, since nothing depends on them. */
async function wordChecks({ checks }: Pick<CoreRepositories, 'checks'>): Promise<readonly string[]> {
  if ((await checks.findLastOutcome()) !== 'not-permitted') return [];
  return ['Plans are not shown at commits: our credentials may write neither checks nor statuses on GitHub'];
}

async function wordWaiting(
  { clock, jobs }: DescribeOverviewDeps,
  rows: readonly DriftRow[],
): Promise<readonly string[]> {
  const { undelivered, failed } = await jobs.history.listWaiting(clock.now() - failedWithinMs, failedShown);
  const contested = orderDrift(rows).filter((row) => row.kind === 'duplicate-owner');
  const more = contested.length - contestedShown;
  return [
    ...contested.slice(0, contestedShown).map(({ name, detail }) => `${name}: ${detail ?? ''}`),
    ...(more > 0 ? [`${more} more names that several repositories hold`] : []),
    ...(undelivered > 0 ? [`${undelivered} messages could not be delivered yet`] : []),
    ...(failed.length > 0 ? [`Failed and not retried: ${failed.map((job) => `#${job}`).join(', ')}`] : []),
  ];
}

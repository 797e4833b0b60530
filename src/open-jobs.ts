import type { NextRun } from './domain/digest.ts';
import { buildJobs } from './jobs/index.ts';
import { buildScheduler, everyMinute, type Scheduler } from './jobs/scheduler.ts';
import type { GitHubWork } from './open-github.ts';
import type { AppDeps, Parts } from './open-parts.ts';
import type { ScheduledJobState } from './ports/job-schedule.ts';

export interface JobHooks {
  readonly github: Pick<GitHubWork, 'sweepDeliveries'>;
  /** Something may have been announced. */
  readonly onRunEnded: () => void;
}

/** What the clock starts, with everything that it works with; not started. */
export function openJobs(deps: AppDeps, parts: Parts, { github, onRunEnded }: JobHooks): Scheduler {
  const { clock, config, logger } = deps;
  const { scheduledRuns: runs } = parts.store;
  const jobs = buildJobs(
    {
      ...parts.store,
      clock,
      logger,
      source: parts.source,
      registry: parts.registry,
      scopes: config.packageScopes,
      isShadow: config.publishMode === 'shadow',
      sweepDeliveries: github.sweepDeliveries,
      catchesUp: config.catchUpMinutes > 0,
      deadlineMs: config.jobDeadlineSeconds * 1000,
      listNextRuns: async () => listNextRuns(await scheduler.list()),
    },
    config.jobSchedules,
  );
  const scheduler: Scheduler = buildScheduler({
    clock,
    logger,
    runs,
    jobs,
    zone: config.jobsZone,
    tick: everyMinute,
    onRunEnded,
  });
  return scheduler;
}

/** The digest says what comes next, which it is not itself. */
function listNextRuns(jobs: readonly ScheduledJobState[]): readonly NextRun[] {
  return jobs.flatMap(({ name, nextAt }) =>
    nextAt === undefined || name === 'digest' ? [] : [{ name, at: nextAt }],
  );
}

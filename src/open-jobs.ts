import { buildJobs } from './jobs/index.ts';
import { buildScheduler, everyMinute, type Scheduler } from './jobs/scheduler.ts';
import type { GitHubWork } from './open-github.ts';
import type { AppDeps, Parts } from './open-parts.ts';
import type { JobSchedule } from './ports/job-schedule.ts';
import type { Operations } from './publisher/operations/operations.ts';

export interface JobHooks {
  readonly github: Pick<GitHubWork, 'sweepDeliveries' | 'syncStatus'>;
  readonly operations: Operations;
  /** A job may be runnable, or something be told. */
  readonly onChange: () => void;
}

/** What the clock starts, with everything that it works with; not started. */
export function openJobs(deps: AppDeps, parts: Parts, hooks: JobHooks): Scheduler {
  const { clock, config, logger } = deps;
  const { github, onChange, operations } = hooks;
  const { catalog, findings, history, repositories, scheduledRuns: runs, staleJobs } = parts.store;
  const jobs = buildJobs(
    {
      clock,
      logger,
      catalog,
      preflight: parts.pipeline.preflight,
      repositories,
      source: parts.source,
      registry: parts.registry,
      scopes: config.packageScopes,
      isShadow: config.publishMode === 'shadow',
      sweepDeliveries: github.sweepDeliveries,
      syncStatus: github.syncStatus,
      findings,
      history,
      staleJobs,
      onQueued: onChange,
      operations,
    },
    config.jobSchedules,
  );
  return buildScheduler({
    clock,
    logger,
    runs,
    jobs,
    zone: config.jobsZone,
    tick: everyMinute,
    onRunEnded: onChange,
  });
}

/** For whoever is built before the scheduler. */
export function deferSchedule(scheduler: () => JobSchedule): JobSchedule {
  return {
    list: async () => scheduler().list(),
    runNow: async (name, by) => scheduler().runNow(name, by),
    turn: async (name, isOn, by) => scheduler().turn(name, isOn, by),
  };
}

import { join } from 'node:path';
import { buildAuditArchive } from './adapters/audit-archive.ts';
import { buildJobs } from './jobs/index.ts';
import { buildScheduler, everyMinute, type Scheduler } from './jobs/scheduler.ts';
import type { GitHubWork } from './open-github.ts';
import type { AppDeps, Parts } from './open-parts.ts';
import type { JobSchedule } from './ports/job-schedule.ts';

export interface JobHooks {
  readonly github: Pick<GitHubWork, 'sweepDeliveries'>;
  /** Something may have been announced. */
  readonly onRunEnded: () => void;
}

/** What the clock starts, with everything that it works with; not started. */
export function openJobs(deps: AppDeps, parts: Parts, { github, onRunEnded }: JobHooks): Scheduler {
  const { clock, config, logger } = deps;
  const { catalog, repositories, scheduledRuns: runs } = parts.store;
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
      retention: parts.store.auditRetention,
      archive: buildAuditArchive(join(config.dataDir, 'audit')),
      retentionDays: config.auditRetentionDays,
    },
    config.jobSchedules,
  );
  return buildScheduler({ clock, logger, runs, jobs, zone: config.jobsZone, tick: everyMinute, onRunEnded });
}

/** For whoever is built before the scheduler. */
export function deferSchedule(scheduler: () => JobSchedule): JobSchedule {
  return {
    list: async () => scheduler().list(),
    runNow: async (name, by) => scheduler().runNow(name, by),
    turn: async (name, isOn, by) => scheduler().turn(name, isOn, by),
  };
}

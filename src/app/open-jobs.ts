import { join } from 'node:path';
import { buildAuditArchive } from '../adapters/system/audit-archive.ts';
import type { NextRun } from '../domain/announcement/digest.ts';
import { findRegistryWarning } from '../domain/package/registry-address.ts';
import { buildJobs } from '../jobs/index.ts';
import { buildScheduler, everyMinute, type Scheduler } from '../jobs/scheduler.ts';
import type { JobSchedule, ScheduledJobState } from '../ports/schedule.ts';
import type { Ask } from '../publisher/operations/core.ts';
import { listExpiring } from '../publisher/watch/upkeep/check-credentials.ts';
import { openCredentialProbes } from './open-credentials.ts';
import type { GitHubWork } from './open-github.ts';
import type { AppDeps, Parts } from './parts.ts';

export interface JobHooks {
  readonly github: Pick<GitHubWork, 'sweepDeliveries' | 'syncStatus'>;
  readonly ask: Ask;
  /** Called when a job may be runnable or an announcement pending. */
  readonly onChange: () => void;
}

/** Assembles the scheduled jobs with everything they need; not started yet. */
export function openJobs(deps: AppDeps, parts: Parts, hooks: JobHooks): Scheduler {
  const { clock, config, logger } = deps;
  const { ask, github, onChange } = hooks;
  const { scheduledRuns: runs } = parts.store;
  const jobs = buildJobs(
    {
      ...parts.store,
      clock,
      logger,
      preflight: parts.pipeline.preflight,
      source: parts.source,
      looks: parts.looks,
      registry: parts.registry,
      scopes: config.packageScopes,
      gitServerUrl: config.githubServerUrl,
      backups: parts.store.backups,
      backupsKept: 7,
      isShadow: config.publishMode === 'shadow',
      sweepDeliveries: github.sweepDeliveries,
      syncStatus: github.syncStatus,
      copies: parts.registry,

      onQueued: onChange,
      ask,
      catchesUp: config.catchUpMinutes > 0,
      deadlineMs: config.jobDeadlineSeconds * 1000,
      credentialProbes: openCredentialProbes(deps, parts),
      registryWarning: findRegistryWarning(deps.config.registryUrl),
      credentialDeadlineMs: 20_000,
      listExpiring: async () => listExpiring(parts.store.credentialMemory, clock.now()),
      listNextRuns: async () => listNextRuns(await scheduler.list()),
      retention: parts.store.auditRetention,
      archive: buildAuditArchive(join(config.dataDir, 'audit')),
      retentionDays: config.auditRetentionDays,
    },
    config.jobSchedules,
  );
  const scheduler: Scheduler = buildScheduler({
    clock,
    logger,
    runs,
    jobs,
    zone: config.jobsZone,
    tick: everyMinute(clock),
    onRunEnded: onChange,
  });
  return scheduler;
}

/** Defers to the scheduler, for parts that are built before it. */
export function deferSchedule(scheduler: () => JobSchedule): JobSchedule {
  return {
    list: async () => scheduler().list(),
    runNow: async (name, by) => scheduler().runNow(name, by),
    turn: async (name, isOn, by) => scheduler().turn(name, isOn, by),
  };
}

/** Lists the next runs for the digest, without the digest itself. */
function listNextRuns(jobs: readonly ScheduledJobState[]): readonly NextRun[] {
  return jobs.flatMap(({ name, nextAt }) =>
    nextAt === undefined || name === 'digest' ? [] : [{ name, at: nextAt }],
  );
}

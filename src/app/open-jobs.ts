import { join } from 'node:path';
import { buildAuditArchive } from '../adapters/system/audit-archive.ts';
import type { NextRun } from '../domain/announcement/digest.ts';
import { findRegistryWarning } from '../domain/package/registry-address.ts';
import { buildJobs, type JobParts } from '../jobs/index.ts';
import { buildScheduler, everyMinute, type Scheduler } from '../jobs/scheduler.ts';
import type { JobSchedule, ScheduledJobState } from '../ports/schedule.ts';
import type { Ask } from '../publisher/operations/core.ts';
import { listExpiring } from '../publisher/watch/upkeep/check-credentials.ts';
import { openCache } from './open-core.ts';
import { openCredentialProbes } from './open-credentials.ts';
import type { GitHubWork } from './open-github.ts';
import type { AppDeps, Parts } from './parts.ts';

export interface JobHooks {
  readonly github: Pick<GitHubWork, 'sweepDeliveries' | 'syncStatus'>;
  readonly ask: Ask;
  /** Called when a job may be runnable or an announcement pending. */
  readonly onChange: () => void;
}

/** Assembles the scheduled jobs; not started yet. */
export function openJobs(deps: AppDeps, parts: Parts, hooks: JobHooks): Scheduler {
  const { clock, config, logger } = deps;
  const listNextRuns: NextRuns = async () => toNextRuns(await scheduler.list());
  const scheduler: Scheduler = buildScheduler({
    clock,
    logger,
    runs: parts.store.scheduledRuns,
    jobs: buildJobs(
      { ...openUpkeep(deps, parts, hooks), digest: openDigest(deps, parts, listNextRuns) },
      config.jobSchedules,
    ),
    zone: config.jobsZone,
    tick: everyMinute(clock),
    onRunEnded: hooks.onChange,
  });
  return scheduler;
}

type NextRuns = NonNullable<JobParts['digest']['listNextRuns']>;

function openDigest({ clock }: AppDeps, { store }: Parts, listNextRuns: NextRuns): JobParts['digest'] {
  const { credentialMemory } = store;
  return { ...store, listExpiring: async () => listExpiring(credentialMemory, clock.now()), listNextRuns };
}

/** Gathers what each job but the digest works with. */
function openUpkeep(
  deps: AppDeps,
  parts: Parts,
  { ask, github, onChange }: JobHooks,
): Omit<JobParts, 'digest'> {
  const { clock, config, logger } = deps;
  const { pipeline, registry, store } = parts;
  const cache = openCache(deps, parts);
  const { scopes, isShadow } = cache;
  return {
    'guid-index': { clock, logger, preflight: pipeline.preflight },
    'package-cache-refresh': cache,
    'retry-stale': { clock, staleJobs: store.staleJobs, onQueued: onChange },
    'status-sync': { syncStatus: github.syncStatus, findings: store.findings },
    'shadow-comparison': { ...store, clock, registry, copies: registry, scopes, isShadow },
    'publish-unpublished': { ask, history: store.history },
    'daily-check': { ...store, cache, registry, catchesUp: config.catchUpMinutes > 0 },
    'credential-check': {
      ...store,
      clock,
      credentialProbes: openCredentialProbes(deps, parts),
      credentialDeadlineMs: 20_000,
      registryWarning: findRegistryWarning(config.registryUrl),
    },
    monitor: {
      ...store,
      clock,
      sweepDeliveries: github.sweepDeliveries,
      deadlineMs: config.jobDeadlineSeconds * 1000,
    },
    reminders: store,
    backup: { backups: store.backups, backupsKept: 7 },
    'audit-retention': {
      clock,
      times: store.times,
      retention: store.auditRetention,
      archive: buildAuditArchive(join(config.dataDir, 'audit')),
      retentionDays: config.auditRetentionDays,
    },
  };
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
function toNextRuns(jobs: readonly ScheduledJobState[]): readonly NextRun[] {
  return jobs.flatMap(({ name, nextAt }) =>
    nextAt === undefined || name === 'digest' ? [] : [{ name, at: nextAt }],
  );
}

import { buildJobs } from './jobs/index.ts';
import { buildScheduler, everyMinute, type Scheduler } from './jobs/scheduler.ts';
import type { GitHubWork } from './open-github.ts';
import type { AppDeps, Parts } from './open-parts.ts';

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
      repositories,
      source: parts.source,
      registry: parts.registry,
      scopes: config.packageScopes,
      isShadow: config.publishMode === 'shadow',
      sweepDeliveries: github.sweepDeliveries,
    },
    config.jobSchedules,
  );
  return buildScheduler({ clock, logger, runs, jobs, zone: config.jobsZone, tick: everyMinute, onRunEnded });
}

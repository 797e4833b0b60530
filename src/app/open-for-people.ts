import type { RepositoryId } from '../domain/repository/repository.ts';
import type { Suggestions } from '../ports/memory.ts';
import type { Proposals } from '../ports/repositories.ts';
import type { JobSchedule } from '../ports/schedule.ts';
import type { Registrar } from '../publisher/github/registration.ts';
import { takeNewId } from '../publisher/github/take-new-id.ts';
import { buildOperations } from '../publisher/operations/build-operations.ts';
import type { OperationsDeps } from '../publisher/operations/deps.ts';
import type { Actor, Operations } from '../publisher/operations/operations.ts';
import { buildFixProposer } from '../publisher/preflight/repair/propose-fix.ts';
import type { Readiness } from '../publisher/queue/readiness.ts';
import { type CatalogFollower, followCatalog } from '../publisher/watch/catalog/follow.ts';
import { openReadChangelog, openRegenerateChangelog } from './open-changelog.ts';
import { openPrepare } from './open-pipeline.ts';
import type { AppDeps, Parts } from './parts.ts';

/** The operations and suggestions that people use through the bot. */
export interface ForPeople {
  readonly operations: Operations;
  readonly suggestions: Suggestions;
  readonly proposals: Proposals;
}

export interface PeopleHooks {
  readonly readiness: () => Promise<Readiness>;
  readonly onAccepted: () => void;
  readonly onActivated: (id: RepositoryId) => void;
  readonly registrar: Registrar;
  readonly schedule: JobSchedule;
  /** Asks a running job to end; returns false when it does not run here. */
  readonly cancelRunning: (job: number, by: Actor) => boolean;
}

/** Assembles the operations; opens nothing. */
export function openForPeople(deps: AppDeps, parts: Parts, hooks: PeopleHooks): ForPeople {
  const { config, clock, secrets } = deps;
  const { store, pipeline, registry, looks } = parts;
  const {
    catalog,
    queue,
    keeper,
    register,
    history,
    retries: jobs,
    audit,
    auditPages,
    exceptions,
    checkRequests: checks,
    comparisons,
    holds,
    writeBacks: owed,
  } = store;
  const operations = buildOperations({
    clock,
    pipeline: { ...pipeline, prepare: openPrepare(pipeline) },
    registry,
    looks,
    catalog,
    queue,
    keeper,
    register,
    history,
    holds,
    jobs,
    owed,
    comparisons,
    exceptions,
    checks,
    audit,
    auditPages,
    ...openGitHubHelp(parts),
    ...hooks,
    readChangelog: openReadChangelog(deps, parts),
    regenerateChangelog: openRegenerateChangelog(deps, parts),
    hearsPushes: () => config.catchUpMinutes > 0 || secrets.webhookSecrets().length > 0,
    owners: config.githubOwners,
    scopes: config.packageScopes,
    isShadow: config.publishMode === 'shadow',
  });
  return { operations, suggestions: store.suggestions, proposals: store.proposals };
}

/** Assembles the operations that need GitHub's API. */
function openGitHubHelp({ github, source, store }: Parts) {
  const { directory, repositoryWriter: writer } = github;
  const takeId: OperationsDeps['takeNewId'] = async (repository, by, signal) =>
    takeNewId({ directory, links: store.links }, repository, by, signal);
  const fixes = buildFixProposer({ ...store, source, writer, proposals: store.fixProposals });
  return { takeNewId: takeId, fixes };
}

/** Keeps the package cache up to date as jobs run. */
export function openFollower({ config, clock, logger }: AppDeps, parts: Parts): CatalogFollower {
  const { store, source, registry, memory, looks } = parts;
  return followCatalog({
    clock,
    logger,
    memory,
    catalog: store.catalog,
    repositories: store.repositories,
    source,
    registry,
    looks,
    scopes: config.packageScopes,
    gitServerUrl: config.githubServerUrl,
    isShadow: config.publishMode === 'shadow',
  });
}

import type { RepositoryId } from '../domain/repository/repository.ts';
import type { Registrar } from '../publisher/github/registration.ts';
import { takeNewId } from '../publisher/github/take-new-id.ts';
import type { Ask, Core, CoreChangelogs, CoreJobs } from '../publisher/operations/core.ts';
import { buildFixProposer } from '../publisher/preflight/repair/propose-fix.ts';
import { type CatalogFollower, followCatalog } from '../publisher/watch/catalog/follow.ts';
import type { CatalogDeps } from '../publisher/watch/catalog/refresh.ts';
import { hasGitHubCredentials } from './open-changelog.ts';
import { openPrepare } from './open-pipeline.ts';
import type { AppDeps, Parts } from './parts.ts';

export interface CoreHooks extends Pick<CoreJobs, 'cancelRunning' | 'onChange' | 'readiness' | 'schedule'> {
  readonly registrar: Registrar;
  readonly onActivated: (id: RepositoryId) => void;
}

/** Gathers what use cases work with; opens nothing. */
export function openCore(deps: AppDeps, parts: Parts, { registrar, onActivated, ...hooks }: CoreHooks): Core {
  const { clock, config, logger, secrets } = deps;
  const { github, looks, pipeline, source, store } = parts;
  const { directory, repositoryWriter: writer } = github;
  const { links, repositories: all } = store;
  return {
    clock,
    logger,
    settings: {
      owners: config.githubOwners,
      scopes: config.packageScopes,
      gitServerUrl: config.githubServerUrl,
      isShadow: config.publishMode === 'shadow',
      hearsPushes: () => config.catchUpMinutes > 0 || secrets.webhookSecrets().length > 0,
    },
    source,
    prepare: openPrepare(pipeline),
    jobs: { ...store, ...hooks },
    repositories: {
      ...store,
      all,
      looks,
      checks: store.checkRequests,
      registrar,
      takeNewId: async (repository, by, signal) => takeNewId({ directory, links }, repository, by, signal),
      onActivated,
    },
    packages: {
      ...store,
      cache: openCache(deps, parts),
      fixes: buildFixProposer({ ...store, source, writer, proposals: store.fixProposals }),
    },
    changelogs: openCoreChangelogs(deps, parts),
    audit: { log: store.audit, pages: store.auditPages },
  };
}

function openCoreChangelogs(deps: AppDeps, { github, pipeline, registry, store }: Parts): CoreChangelogs {
  const { entries, history, ...words } = pipeline.changelog;
  return {
    entries,
    history,
    words,
    writeBacks: store.writeBacks,
    registry: pipeline.registry,
    files: registry,
    writer: github.repositoryWriter,
    canWrite: hasGitHubCredentials(deps),
  };
}

/** Returns how use cases are run on this core. */
export function askOf(core: Core): Ask {
  return (useCase, ...args) => useCase(core, ...args);
}

/** Keeps the package cache up to date as jobs run. */
export function openFollower(deps: AppDeps, parts: Parts): CatalogFollower {
  const { memory, store } = parts;
  return followCatalog({ cache: openCache(deps, parts), memory, repositories: store.repositories });
}

/** Gathers what the package cache is refreshed with. */
export function openCache(
  { clock, config, logger }: AppDeps,
  { store, source, registry, looks }: Parts,
): CatalogDeps {
  return {
    clock,
    logger,
    catalog: store.catalog,
    repositories: store.repositories,
    source,
    registry,
    looks,
    scopes: config.packageScopes,
    gitServerUrl: config.githubServerUrl,
    isShadow: config.publishMode === 'shadow',
  };
}

import { type Refreshed, type RefreshRequest, refreshCatalog } from '../watch/catalog/refresh.ts';
import type { Core, Uses } from './core.ts';

export type RefreshDeps = Pick<Core, 'clock' | 'logger' | 'source'> &
  Uses<{
    packages: 'catalog' | 'registry';
    repositories: 'all' | 'looks';
    settings: 'gitServerUrl' | 'isShadow' | 'scopes';
  }>;

/** Brings the package cache up to date; see refreshCatalog. */
export async function refreshHeads(
  { clock, logger, packages, repositories, settings, source }: RefreshDeps,
  request: RefreshRequest,
  signal: AbortSignal,
): Promise<Refreshed> {
  const { catalog, registry } = packages;
  const { all, looks } = repositories;
  const { gitServerUrl, isShadow, scopes } = settings;
  const deps = {
    clock,
    logger,
    source,
    catalog,
    registry,
    repositories: all,
    looks,
    gitServerUrl,
    isShadow,
    scopes,
  };
  return refreshCatalog(deps, request, signal);
}

import type { CatalogDeps } from '../watch/catalog/refresh.ts';
import type { OperationsDeps } from './deps.ts';

/** What looking at heads and names needs of it. */
export function catalogDepsOf(deps: OperationsDeps): CatalogDeps {
  const { pipeline, catalog, registry, looks, scopes, isShadow } = deps;
  const { clock, logger, repositories, source, changelog } = pipeline;
  const { gitServerUrl } = changelog;
  return { clock, logger, repositories, source, registry, catalog, looks, scopes, gitServerUrl, isShadow };
}

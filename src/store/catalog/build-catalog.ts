import type { StoreContext } from '../engine/context.ts';
import { buildCatalog } from './catalog.ts';
import { buildLedger } from './ledger.ts';
import { buildPackuments } from './packuments.ts';
import { buildPublishedVersions } from './published-versions.ts';

/** Builds the parts of the store for the catalog, under their names in `Store`. */
export function buildCatalogParts(context: StoreContext) {
  return {
    catalog: buildCatalog(context),
    ledger: buildLedger(context),
    packuments: buildPackuments(context),
    versions: buildPublishedVersions(context),
  };
}

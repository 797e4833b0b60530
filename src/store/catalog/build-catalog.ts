import type { StoreContext } from '../engine/context.ts';
import { buildCatalog } from './catalog.ts';
import { buildLedger } from './ledger.ts';
import { buildPackuments } from './packuments.ts';
import { buildPublishedVersions } from './published-versions.ts';

/** The parts of the store that belong to this folder, under the names that the store gives them. */
export function buildCatalogParts(context: StoreContext) {
  return {
    catalog: buildCatalog(context),
    ledger: buildLedger(context),
    packuments: buildPackuments(context),
    versions: buildPublishedVersions(context),
  };
}

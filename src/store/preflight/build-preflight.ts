import type { StoreContext } from '../engine/context.ts';
import { buildFixProposals } from './fix-proposals.ts';
import { buildGuidIndex } from './guid-index.ts';
import { buildPreflightExceptions } from './preflight-exceptions.ts';

/** Builds the parts of the store for preflight, under their names in `Store`. */
export function buildPreflightParts(context: StoreContext) {
  return {
    exceptions: buildPreflightExceptions(context),
    fixProposals: buildFixProposals(context),
    guidIndex: buildGuidIndex(context),
  };
}

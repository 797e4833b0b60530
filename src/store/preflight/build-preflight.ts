import type { StoreContext } from '../engine/context.ts';
import { buildFixProposals } from './fix-proposals.ts';
import { buildGuidIndex } from './guid-index.ts';
import { buildPreflightExceptions } from './preflight-exceptions.ts';

/** The parts of the store that belong to this folder, under the names that the store gives them. */
export function buildPreflightParts(context: StoreContext) {
  return {
    exceptions: buildPreflightExceptions(context),
    fixProposals: buildFixProposals(context),
    guidIndex: buildGuidIndex(context),
  };
}

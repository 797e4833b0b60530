import type { StoreContext } from '../engine/context.ts';
import { buildShadowComparisons } from './shadow-comparisons.ts';
import { buildShadowTrial } from './shadow-trial.ts';

/** Builds the parts of the store for shadow mode, under their names in `Store`. */
export function buildShadowParts(context: StoreContext) {
  return {
    trial: buildShadowTrial(context),
    comparisons: buildShadowComparisons(context),
  };
}

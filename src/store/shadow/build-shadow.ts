import type { StoreContext } from '../engine/context.ts';
import { buildShadowComparisons } from './shadow-comparisons.ts';
import { buildShadowTrial } from './shadow-trial.ts';

/** The parts of the store that belong to this folder, under the names that the store gives them. */
export function buildShadowParts(context: StoreContext) {
  return {
    trial: buildShadowTrial(context),
    comparisons: buildShadowComparisons(context),
  };
}

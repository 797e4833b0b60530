import type { StoreContext } from '../engine/context.ts';
import { buildHolds } from './holds/holds.ts';
import { buildJudged } from './judged.ts';
import { buildLookMarks } from './look-marks.ts';

/** Builds the parts of the store for judgements, under their names in `Store`. */
export function buildJudgementsParts(context: StoreContext) {
  return {
    judged: buildJudged(context),
    lookMarks: buildLookMarks(context),
    holds: buildHolds(context),
  };
}

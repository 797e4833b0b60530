import type { StoreContext } from '../engine/context.ts';
import { buildHolds } from './holds/holds.ts';
import { buildJudged } from './judged.ts';
import { buildLookMarks } from './look-marks.ts';

/** The parts of the store that belong to this folder, under the names that the store gives them. */
export function buildJudgementsParts(context: StoreContext) {
  return {
    judged: buildJudged(context),
    lookMarks: buildLookMarks(context),
    holds: buildHolds(context),
  };
}

import type { StoreContext } from '../engine/context.ts';
import { buildFindings } from './job-findings.ts';
import { buildScheduledRuns } from './scheduled-runs.ts';

/** The parts of the store that belong to this folder, under the names that the store gives them. */
export function buildScheduleParts(context: StoreContext) {
  return {
    scheduledRuns: buildScheduledRuns(context),
    findings: buildFindings(context),
  };
}

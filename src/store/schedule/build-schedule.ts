import type { StoreContext } from '../engine/context.ts';
import { buildFindings } from './job-findings.ts';
import { buildScheduledRuns } from './scheduled-runs.ts';

/** Builds the parts of the store for the schedule, under their names in `Store`. */
export function buildScheduleParts(context: StoreContext) {
  return {
    scheduledRuns: buildScheduledRuns(context),
    findings: buildFindings(context),
  };
}

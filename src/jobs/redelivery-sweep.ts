import { describeJob } from '../domain/scheduled-jobs.ts';
import type { ScheduledJob } from './scheduled-job.ts';

export interface RedeliverySweepDeps {
  /** Ids of the deliveries that were asked for again. */
  readonly sweepDeliveries: (signal: AbortSignal) => Promise<readonly string[]>;
}

/** GitHub does not send a webhook twice by itself. */
export function buildRedeliverySweep({ sweepDeliveries }: RedeliverySweepDeps): ScheduledJob {
  return {
    ...describeJob('redelivery-sweep'),
    run: async ({ signal }) => ({ counts: { 'asked again': (await sweepDeliveries(signal)).length } }),
  };
}

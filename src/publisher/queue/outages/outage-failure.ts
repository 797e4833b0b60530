import type { Failure, Outage } from '../../../domain/failure/failure.ts';
import { failureOfOutage } from '../../../domain/failure/outage-failure.ts';

/** Describes a neighbour that is down to a person who waits for an answer; `now` is epoch milliseconds. */
export function outageFailure({ neighbour, kind, detail }: Outage, now: number): Failure {
  return failureOfOutage({ neighbour, kind, detail, since: now });
}

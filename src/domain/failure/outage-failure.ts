import { type Failure, failure, type Neighbour, type Outage } from './failure.ts';

export interface OutageFacts {
  readonly neighbour: Neighbour;
  readonly kind: Outage['kind'];
  readonly detail: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** Returns the failure of something that was given up, or cannot be answered, because a neighbour is down. */
export function failureOfOutage({ neighbour, kind, detail, since: sinceMs }: OutageFacts): Failure {
  const since = new Date(sinceMs).toISOString();
  if (neighbour === 'disk') return failure('disk-full', {});
  if (neighbour === 'git-host') return failure('git-host-unavailable', { since, detail });
  if (kind === 'credentials') return failure('registry-rejected-credentials', { since });
  return failure('registry-unavailable', { since, detail });
}

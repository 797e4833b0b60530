import { type Failure, failure, type Outage } from '../../../domain/failure/failure.ts';

/** A neighbour that is down, said to a person who waits for an answer now. `now` is epoch milliseconds. */
export function outageFailure(outage: Outage, now: number): Failure {
  const since = new Date(now).toISOString();
  const { detail } = outage;
  if (outage.neighbour === 'disk') return failure('disk-full', {});
  if (outage.neighbour === 'git-host') return failure('git-host-unavailable', { since, detail });
  if (outage.kind === 'credentials') return failure('registry-rejected-credentials', { since });
  return failure('registry-unavailable', { since, detail });
}

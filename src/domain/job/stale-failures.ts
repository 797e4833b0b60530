import { type Failure, type FailureReason, failureCatalogue } from '../failure/failure.ts';
import type { PackageResult } from './report.ts';

/** For a person by the catalogue, who would only wait until the neighbour is well again and press Retry. */
const healedByNeighbours: readonly FailureReason[] = [
  'registry-unavailable',
  'git-host-unavailable',
  'registry-did-not-store',
];

/** Whether time may mend it: what the queue tries by itself, and what waits for a neighbour. */
function healsByTime(reason: string): boolean {
  if (!Object.hasOwn(failureCatalogue, reason)) return false;
  const known = reason as FailureReason;
  return failureCatalogue[known].retry === 'automatic' || healedByNeighbours.includes(known);
}

/** Everything that failed must be of that kind; what was held behind it says nothing by itself. */
export function isWorthAnotherTry(reasons: readonly string[]): boolean {
  const own = reasons.filter((reason) => reason !== 'dependency-held');
  return own.length > 0 && own.every(healsByTime);
}

/** Of the job and of its packages, each once. */
export function listReasons(
  own: Failure | undefined,
  results: readonly PackageResult[],
): readonly FailureReason[] {
  const all = [own, ...results.map(({ failure }) => failure)];
  return [...new Set(all.flatMap((failure) => (failure === undefined ? [] : [failure.reason])))];
}

import { type Failure, type FailureReason, failureCatalogue } from '../failure/failure.ts';
import type { PackageResult } from './report.ts';

/**
 * Reasons that the catalogue leaves to a person, who would only wait until the neighbour is well again and press Retry.
 */
const healedByNeighbours: readonly FailureReason[] = [
  'registry-unavailable',
  'git-host-unavailable',
  'registry-did-not-store',
];

/** Whether time may mend the failure: the queue tries it again by itself, or it waits for a neighbour. */
function healsByTime(reason: string): boolean {
  if (!Object.hasOwn(failureCatalogue, reason)) return false;
  const known = reason as FailureReason;
  return failureCatalogue[known].retry === 'automatic' || healedByNeighbours.includes(known);
}

/** Whether every failure may be mended by time; what was held behind a failure says nothing by itself. */
export function isWorthAnotherTry(reasons: readonly string[]): boolean {
  const own = reasons.filter((reason) => reason !== 'dependency-held');
  return own.length > 0 && own.every(healsByTime);
}

/** Lists the reasons of the job and of its packages, each once. */
export function listReasons(
  own: Failure | undefined,
  results: readonly PackageResult[],
): readonly FailureReason[] {
  const all = [own, ...results.map(({ failure }) => failure)];
  return [...new Set(all.flatMap((failure) => (failure === undefined ? [] : [failure.reason])))];
}

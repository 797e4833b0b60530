import { titleOf } from '../job/open-failure.ts';
import type { PackageResult } from '../job/report.ts';
import type { HoldOutcome } from './hold.ts';
import { isHigher } from './version.ts';
import { findVersionProblem } from './version-problem.ts';

/** A held version, as a job that ended finds it. */
export interface OpenHold {
  readonly name: string;
  readonly version: string;
  readonly branch: string;
  /** The job that was queued for it; undefined while it waits. */
  readonly releasedTo: number | undefined;
}

/** A job of the same repository that ended. */
export interface JobOutcome {
  readonly number: number;
  readonly isCancelled: boolean;
  readonly results: readonly PackageResult[];
  /** The branch that the job judged, as far as it is known. */
  readonly branch: string | undefined;
}

export interface HoldEnding {
  readonly outcome: HoldOutcome;
  /** One sentence, where the outcome does not say it all. */
  readonly detail?: string | undefined;
}

/** Decides how a job ends the wait of a held version; undefined while the wait goes on. Pure. */
export function judgeHold(hold: OpenHold, job: JobOutcome): HoldEnding | undefined {
  const own = job.results.find((result) => isOf(hold, result));
  const judged = own === undefined ? undefined : judgeOwn(own);
  if (judged !== undefined) return judged;
  if (own?.state === 'held') return undefined;
  const higher = findHigher(hold, job);
  if (higher !== undefined) return { outcome: 'passed', detail: `${higher} was published while it waited` };
  // The job that was queued for the version is over, and did not come to a decision.
  if (hold.releasedTo !== job.number) return undefined;
  return { outcome: job.isCancelled ? 'cancelled' : 'failed' };
}

/** Whether the result is that of the held version. */
export function isOf(
  hold: Pick<OpenHold, 'name' | 'version'>,
  { name, version }: Pick<PackageResult, 'name' | 'version'>,
): boolean {
  return hold.name === name && hold.version === version;
}

function judgeOwn(result: PackageResult): HoldEnding | undefined {
  switch (result.state) {
    case 'published':
      return { outcome: 'published' };
    case 'skipped':
    case 'excluded':
      return { outcome: 'passed', detail: result.note };
    case 'failed':
    case 'withdrawn':
      return { outcome: 'failed', detail: result.failure === undefined ? result.note : titleOf(result) };
    default:
      return undefined;
  }
}

/**
 * Returns a higher version that the job published from the same branch: then the lower version has no place any more.
 */
function findHigher(hold: OpenHold, { branch, results }: JobOutcome): string | undefined {
  if (branch !== hold.branch || findVersionProblem(hold.version) !== undefined) return undefined;
  return results.find(
    ({ name, state, version }) =>
      name === hold.name &&
      state === 'published' &&
      version !== undefined &&
      findVersionProblem(version) === undefined &&
      isHigher(version, hold.version),
  )?.version;
}

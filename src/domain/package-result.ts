import { type Failure, failure } from './failure.ts';
import type { JobStatus, PackageResult, PackageState } from './report.ts';

/** No legal name or version is longer; what is shown and stored of an illegal one ends here. */
const longestShown = 214;

export function shorten(text: string): string {
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`.toWellFormed();
}

/** A result with nothing said yet. */
export function blankResult(name: string, path: string, state: PackageState): PackageResult {
  return {
    name: shorten(name),
    path,
    state,
    version: undefined,
    previousVersion: undefined,
    note: undefined,
    failure: undefined,
    distTag: undefined,
    integrity: undefined,
    tarballBytes: undefined,
    findings: [],
    warnings: [],
    changelog: undefined,
    wordedByModel: false,
    additions: [],
  };
}

export function failed(result: PackageResult, why: Failure): PackageResult {
  return { ...result, state: 'failed', failure: why };
}

export function held(result: PackageResult, dependency: string): PackageResult {
  return { ...result, state: 'held', failure: failure('dependency-held', { dependency }) };
}

const troubled: readonly PackageState[] = ['failed', 'held', 'withdrawn', 'not-attempted'];

/** True when a dependent of this package must not be published. */
export function isTroubled(state: PackageState): boolean {
  return troubled.includes(state);
}

/** The one table from package states to the job's status. */
export function deriveJobStatus(
  states: readonly PackageState[],
  jobFailed: boolean,
  shadow: boolean,
): JobStatus {
  const some = (state: PackageState): boolean => states.includes(state);
  const trouble = jobFailed || some('failed') || some('held') || some('withdrawn');
  if (trouble) return some('published') ? 'partially-failed' : 'failed';
  if (some('published')) return 'published';
  if (shadow && some('not-attempted')) return 'shadowed';
  return 'nothing-to-publish';
}

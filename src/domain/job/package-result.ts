import { type Failure, failure } from '../failure/failure.ts';
import {
  type JobStatus,
  type PackageResult,
  type PackageState,
  packageResultSchema,
  type Waiting,
} from './report.ts';

/** No legal name or version is longer; what is shown and stored of an illegal one ends here. */
const longestShown = 214;

export function shorten(text: string): string {
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`.toWellFormed();
}

/** A result with nothing said yet. */
export function blankResult(name: string, path: string, state: PackageState): PackageResult {
  return packageResultSchema.parse({ name: shorten(name), path, state });
}

/** A result as it was stored: JSON has no undefined, and older rows lack what came later. */
export function restoreResult(stored: unknown): PackageResult {
  return packageResultSchema.parse(stored);
}

export function failed(result: PackageResult, why: Failure): PackageResult {
  return { ...result, state: 'failed', failure: why };
}

/** It waits until these versions are on the registry. */
export function held(result: PackageResult, waiting: Waiting): PackageResult {
  const [first, ...others] = waiting.awaits;
  if (first === undefined) throw new Error(`${result.name} is held and waits for nothing`);
  const facts = { dependency: first.name, version: first.version };
  const more = others.length === 0 ? {} : { others: others.length };
  return { ...result, state: 'held', failure: failure('dependency-held', { ...facts, ...more }), waiting };
}

const unpublished: readonly PackageState[] = ['failed', 'held', 'not-attempted'];

/** True when this job leaves the package unpublished, and a later one may publish it. */
export function mayFollow(state: PackageState): boolean {
  return unpublished.includes(state);
}

/** The status of a job that ends with a failure of its own. */
export function deriveFailedStatus(why: Failure, results: readonly PackageResult[]): JobStatus {
  if (why.reason === 'cancelled') return 'cancelled';
  return deriveJobStatus(
    results.map(({ state }) => state),
    true,
    false,
  );
}

/** The one table from package states to the job's status. */
export function deriveJobStatus(
  states: readonly PackageState[],
  jobFailed: boolean,
  shadow: boolean,
): JobStatus {
  const some = (state: PackageState): boolean => states.includes(state);
  // What is held goes on by itself.
  const trouble = jobFailed || some('failed') || some('withdrawn');
  if (trouble) return some('published') ? 'partially-failed' : 'failed';
  if (some('published')) return 'published';
  if (shadow && some('not-attempted')) return 'shadowed';
  return 'nothing-to-publish';
}

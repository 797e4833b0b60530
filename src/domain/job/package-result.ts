import { type Failure, failure } from '../failure/failure.ts';
import {
  type JobStatus,
  type PackageResult,
  type PackageState,
  packageResultSchema,
  type Waiting,
} from './report.ts';

/** Longest name or version that is shown and stored: no legal one is longer, and an illegal one is cut here. */
const longestShown = 214;

export function shorten(text: string): string {
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}…`.toWellFormed();
}

/** Returns a result that says nothing yet. */
export function blankResult(name: string, path: string, state: PackageState): PackageResult {
  return packageResultSchema.parse({ name: shorten(name), path, state });
}

/** Completes a stored result: JSON has no undefined, and older rows lack fields that came later. */
export function restoreResult(stored: unknown): PackageResult {
  return packageResultSchema.parse(stored);
}

export function failed(result: PackageResult, why: Failure): PackageResult {
  return { ...result, state: 'failed', failure: why };
}

/** Returns the result as held until these versions are on the registry. */
export function held(result: PackageResult, waiting: Waiting): PackageResult {
  const [first, ...others] = waiting.awaits;
  if (first === undefined) throw new Error(`${result.name} is held and waits for nothing`);
  const facts = { dependency: first.name, version: first.version };
  const more = others.length === 0 ? {} : { others: others.length };
  return { ...result, state: 'held', failure: failure('dependency-held', { ...facts, ...more }), waiting };
}

const unpublished: readonly PackageState[] = ['failed', 'held', 'not-attempted'];

/** Whether this job leaves the package unpublished, and a later one may publish it. */
export function mayFollow(state: PackageState): boolean {
  return unpublished.includes(state);
}

/** Returns the status of a job that ends with a failure of its own. */
export function deriveFailedStatus(why: Failure, results: readonly PackageResult[]): JobStatus {
  if (why.reason === 'cancelled') return 'cancelled';
  return deriveJobStatus(
    results.map(({ state }) => state),
    true,
    false,
  );
}

/** Derives a job's status from its packages' states; no other place does. */
export function deriveJobStatus(
  states: readonly PackageState[],
  jobFailed: boolean,
  shadow: boolean,
): JobStatus {
  const some = (state: PackageState): boolean => states.includes(state);
  // A held package goes on by itself, so it is no trouble.
  const trouble = jobFailed || some('failed') || some('withdrawn');
  if (trouble) return some('published') ? 'partially-failed' : 'failed';
  if (some('published')) return 'published';
  if (shadow && some('not-attempted')) return 'shadowed';
  return 'nothing-to-publish';
}

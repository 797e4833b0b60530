import { failure, renderFailure } from '../../domain/failure/failure.ts';
import { isPerson } from '../../domain/job/actor.ts';
import { isSameTrouble, liesInCommit } from '../../domain/job/mending.ts';
import type { Job, PackageResult } from '../../domain/job/report.ts';
import type { JobEnd } from '../../ports/jobs.ts';
import type { JobLog, OtherJudgement } from '../../ports/judgements.ts';
import { findSuperseding, listNewer, type SupersededDeps } from '../judge/superseded.ts';
import type { DispatchRun } from './publish-dispatch.ts';

export interface SettleDeps extends SupersededDeps {
  readonly jobLog: Pick<
    JobLog,
    'savePackages' | 'listPackages' | 'listOpenPackages' | 'listOtherJudgements' | 'listEarlierElsewhere'
  >;
}

export interface Settled extends Pick<JobEnd, 'isSuperseded' | 'asBefore'> {
  readonly results: readonly PackageResult[];
}

/**
 * Decides how the results of a finished run are reported. Unless a person asked for the job, two kinds of trouble are
 * not failures: a package that a newer commit had superseded before this one was judged (`skipped`), and a package
 * that fails exactly as it did before (`unchanged`, with its reason). Changed results are saved.
 */
export async function settleResults(
  deps: SettleDeps,
  job: Job,
  { results, about, judgedBranch }: DispatchRun,
  signal: AbortSignal,
): Promise<Settled> {
  const hasTrouble = results.some(isTrouble);
  const hasOpen =
    judgedBranch !== undefined && (await deps.jobLog.listOpenPackages(job, about.branch)).length > 0;
  if (!hasTrouble && !hasOpen) return { results };
  const newer = await listNewer(deps, job, signal);
  const isSuperseded = newer.some(({ packagePath }) => packagePath === '');
  if (!hasTrouble || isPerson(job.requestedBy)) return { results, isSuperseded };
  const stored = await deps.jobLog.listPackages(job.number);
  const superseded = stored.flatMap((result) => sayAsSuperseded(result, newer) ?? []);
  const paths = new Set(superseded.map(({ path }) => path));
  const asBefore = await listAsBefore(
    deps,
    job,
    stored.filter(({ path }) => !paths.has(path)),
  );
  const said = [...superseded, ...asBefore.map(sayAsBefore)];
  if (said.length > 0) await deps.jobLog.savePackages(job, said);
  const byPath = new Map(said.map((result) => [result.path, result]));
  return { results: results.map((result) => byPath.get(result.path) ?? result), isSuperseded, asBefore };
}

function isTrouble({ state }: PackageResult): boolean {
  return state === 'failed' || state === 'held' || state === 'withdrawn';
}

function sayAsSuperseded(result: PackageResult, newer: readonly OtherJudgement[]): PackageResult | undefined {
  const by = findSuperseding(newer, result.path);
  const was = result.failure;
  if (by === undefined || was === undefined || !isTrouble(result)) return undefined;
  if (!liesInCommit(was) && result.state !== 'held') return undefined;
  const facts = { by: by.commit, why: renderFailure(was).title };
  const isAbsent = was.reason === 'version-not-increased';
  const version = isAbsent ? { version: was.facts.version } : {};
  return { ...result, state: 'skipped', failure: failure('superseded', { ...facts, ...version }) };
}

/**
 * Returns results that failed the same way when another commit was judged last. Held packages have a memory of their
 * own, and withdrawn ones stay withdrawn.
 */
async function listAsBefore(
  deps: SettleDeps,
  job: Job,
  stored: readonly PackageResult[],
): Promise<readonly PackageResult[]> {
  const troubled = stored.filter(({ state }) => state === 'failed');
  const paths = troubled.map(({ path }) => path);
  const earlier = await deps.jobLog.listEarlierElsewhere(job, paths);
  return troubled.filter((result) => {
    const before = earlier.get(result.path);
    return before !== undefined && before.state === result.state && isSameTrouble(result, before);
  });
}

function sayAsBefore(result: PackageResult): PackageResult {
  return { ...result, state: 'unchanged' };
}

import { isPerson } from '../../domain/job/actor.ts';
import type { Job } from '../../domain/job/report.ts';
import { isHigher } from '../../domain/package/version.ts';
import type { RepositorySource } from '../../ports/git.ts';
import type { JobLog, OtherJudgement } from '../../ports/judgements.ts';
import type { Run } from '../run/pipeline.ts';
import type { JudgeDeps } from './deps.ts';
import { type Decision, type DecisionFacts, decide } from './plan.ts';

export interface SupersededDeps {
  readonly jobLog: Pick<JobLog, 'listOtherJudgements'>;
  readonly source: Pick<RepositorySource, 'listDescendants'>;
}

/** Lists judgements of commits that build on the job's own commit, newest judgement first. Asks git once at most. */
export async function listNewer(
  { jobLog, source }: SupersededDeps,
  job: Job,
  signal: AbortSignal,
): Promise<readonly OtherJudgement[]> {
  const others = await jobLog.listOtherJudgements(job);
  if (others.length === 0) return [];
  const commits = [...new Set(others.map(({ commit }) => commit))];
  const newer = new Set(await source.listDescendants(job.repositoryId, job.commit, commits, signal));
  return others.filter(({ commit }) => newer.has(commit));
}

/**
 * Returns the judgement of a newer commit that was judged before the job's own, for all its packages or for this
 * folder.
 */
export function findSuperseding(newer: readonly OtherJudgement[], path: string): OtherJudgement | undefined {
  return newer.find(({ isBefore, packagePath }) => isBefore && (packagePath === '' || packagePath === path));
}

/**
 * Decides as `decide` does, and looks at the order of commits where it matters: a version that would go beside higher
 * ones may be late only because its event was late. A person's request is answered as if all events came in order.
 */
export async function decideInOrder(
  deps: Pick<JudgeDeps, 'jobLog' | 'limits' | 'source'>,
  { job, signal }: Run,
  path: string,
  facts: DecisionFacts,
): Promise<Decision> {
  const decision = decide(facts);
  const { superseded } = deps.limits;
  // A rejection stays a rejection unless the setting says otherwise; settleResults decides at the end how it is
  // reported.
  const isFinal = decision.kind === 'reject' && superseded === 'skip';
  if (isFinal || job.allowLower || isPerson(job.requestedBy) || !mayBeLate(decision, facts)) return decision;
  const isSuperseded = findSuperseding(await listNewer(deps, job, signal), path) !== undefined;
  return isSuperseded ? decide({ ...facts, superseded }) : decision;
}

function mayBeLate(decision: Decision, { packument, version }: DecisionFacts): boolean {
  if (decision.kind === 'reject') return decision.failure.reason === 'version-not-increased';
  if (decision.kind !== 'publish') return false;
  return [...(packument?.versions.keys() ?? [])].some((known) => isHigher(known, version));
}

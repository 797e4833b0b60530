import { Outage, PublishError, renderFailure } from '../../../domain/failure/failure.ts';
import type { CommitCheck } from '../../../domain/repository/commit-check.ts';
import type { Repository } from '../../../domain/repository/repository.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { CommitHistory, RepositorySource } from '../../../ports/git.ts';
import type { CheckOutcome, CheckRequests, CommitChecks, WaitingCheck } from '../../../ports/github.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { Repositories } from '../../../ports/repositories.ts';
import type { PrepareDeps } from '../../dispatch/deps.ts';
import { runDry } from '../../dispatch/dry-run.ts';
import type { Looks } from '../../judge/looks.ts';
import { backoff } from '../../pacing/wait.ts';
import { buildWorkLoop, type WorkLoop } from '../../pacing/work-loop.ts';
import { wordCheck } from './word-check.ts';

export interface CheckLoopDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly requests: CheckRequests;
  readonly checks: CommitChecks;
  readonly repositories: Pick<Repositories, 'find'>;
  /** For commits in the mirrors of branches. */
  readonly prepare: PrepareDeps;
  /** For commits in any other mirrors. */
  readonly prepareFrom: (source: RepositorySource & CommitHistory) => PrepareDeps;
  readonly looks: Pick<Looks, 'take'>;
  /**
   * Heads of pull requests, in mirrors of their own: a fork's commit never comes near what is published. There the
   * only branch that may be asked for is the number of a pull request.
   */
  readonly pulls: RepositorySource & CommitHistory;
  /** Whether something is being published. */
  readonly isBusy: () => boolean;
}

const idleMs = 60_000;
const timeoutMs = 5 * 60_000;
const mostTries = 5;
const firstRetryMs = 30_000;
/** How long a check lets publishing go first. */
const patienceMs = 10 * 60_000;

/** Builds the loop that shows the plan of heads at their commits, one at a time, while nothing is being published. */
export function buildCheckLoop(deps: CheckLoopDeps): WorkLoop {
  const { clock, logger } = deps;
  return buildWorkLoop({
    clock,
    logger,
    trouble: 'checks could not be looked through',
    idleMs,
    work: async (signal) => checkNext(deps, signal),
  });
}

async function checkNext(deps: CheckLoopDeps, stopping: AbortSignal): Promise<boolean> {
  const { clock, logger, requests } = deps;
  const next = await requests.findDue();
  if (next === undefined) return false;
  if (deps.isBusy() && clock.now() - next.requestedAt < patienceMs) return false;
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]);
  try {
    const outcome = await checkOne(deps, next, signal);
    await requests.settle(next, outcome);
    logger.debug('a head was checked', { commit: next.commit, outcome });
  } catch (error) {
    stopping.throwIfAborted();
    await postpone(deps, next, error);
  }
  return true;
}

/**
 * Tries a check again later. After some tries it is given up with a line in the log, so that it troubles nobody for
 * long.
 */
async function postpone(deps: CheckLoopDeps, next: WaitingCheck, error: unknown): Promise<void> {
  const { clock, logger, requests } = deps;
  logger.warn('a head could not be checked', { commit: next.commit, tries: next.tries, error });
  if (next.tries + 1 >= mostTries) return requests.settle(next, 'given-up');
  const asked = error instanceof Outage ? (error.retryAfterMs ?? 0) : 0;
  await requests.postpone(next, clock.now() + Math.max(asked, backoff(firstRetryMs, next.tries)));
}

async function checkOne(deps: CheckLoopDeps, next: WaitingCheck, signal: AbortSignal): Promise<CheckOutcome> {
  const { checks, repositories } = deps;
  const repository = await repositories.find(next.repositoryId);
  if (repository?.status !== 'active') return 'given-up';
  // A check that may not be written need not be made.
  const shown = await checks.begin(repository.slug, next.commit, signal);
  if (shown === 'not-permitted') return shown;
  const check = await makeCheck(deps, repository, next, signal);
  const done = await checks.finish(repository.slug, next.commit, check, signal);
  return done === 'not-permitted' ? done : 'shown';
}

async function makeCheck(
  deps: CheckLoopDeps,
  repository: Repository,
  next: WaitingCheck,
  signal: AbortSignal,
): Promise<CommitCheck> {
  const { branch, commit, pullRequest } = next;
  const place = pullRequest === undefined ? branch : `#${pullRequest}`;
  const prepare = pullRequest === undefined ? deps.prepare : onPullRequest(deps, next, pullRequest);
  try {
    const request = { repository, commit, packagePath: '', allowLower: false, by: 'check' };
    const look = { repository, commit, place, kind: 'check' } as const;
    const plan = await deps.looks.take(look, async () => runDry(prepare, request, signal), signal);
    return wordCheck(plan.packages);
  } catch (error) {
    if (!(error instanceof PublishError)) throw error;
    const { title, remedy } = renderFailure(error.failure);
    return { conclusion: 'failure', title: title.slice(0, 140), summary: remedy, annotations: [] };
  }
}

/** Judges a pull request as if its head were on the branch into which it would be merged. */
function onPullRequest(
  { prepareFrom, pulls }: CheckLoopDeps,
  { branch, isDefaultBranch }: WaitingCheck,
  pullRequest: number,
): PrepareDeps {
  return prepareFrom({
    ...pulls,
    locate: async (request, signal) => {
      const found = await pulls.locate({ ...request, branches: [String(pullRequest)] }, signal);
      return { ...found, branch, isDefaultBranch };
    },
  });
}

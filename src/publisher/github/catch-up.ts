import { Outage, PublishError } from '../../domain/failure/failure.ts';
import { byCatchUp } from '../../domain/job/actor.ts';
import { legalPatterns, matchesBranch } from '../../domain/repository/branch-pattern.ts';
import type { CommitSha, Repository } from '../../domain/repository/repository.ts';
import { putLast } from '../judge/looks.ts';
import { buildWorkLoop } from '../pacing/work-loop.ts';
import { considerHead } from './consider-head.ts';
import type { GitHubDeps } from './deps.ts';

export interface CatchUpResult {
  /** Active repositories that were looked at. */
  readonly looked: number;
  /** Jobs that were made, in order. */
  readonly jobs: readonly number[];
  /** Repositories that could not be read, with the reason. */
  readonly troubles: readonly { readonly repository: string; readonly why: string }[];
}

/**
 * Looks where the branches of every active repository are. A head that no event announced becomes a dispatch that
 * says so, after dispatches for the versions that were pushed before it; a head that was dispatched or judged becomes
 * nothing. Ends early, without an error, while the git host is down.
 */
export async function catchUp(deps: GitHubDeps, signal: AbortSignal): Promise<CatchUpResult> {
  const active = (await deps.records.repositories.list()).filter(({ status }) => status === 'active');
  const repositories = putLast(active, await deps.looks.listSuspected());
  const jobs: number[] = [];
  const troubles: { readonly repository: string; readonly why: string }[] = [];
  let looked = 0;
  for (const repository of repositories) {
    signal.throwIfAborted();
    try {
      jobs.push(...(await lookAt(deps, repository, signal)));
      looked++;
    } catch (error) {
      signal.throwIfAborted();
      const isOutage = error instanceof Outage;
      if (!isOutage && !(error instanceof PublishError)) throw error;
      troubles.push({ repository: repository.slug, why: isOutage ? error.detail : error.failure.reason });
      // All repositories are on the same host.
      if (isOutage) break;
    }
  }
  return { looked, jobs, troubles };
}

async function lookAt(
  deps: GitHubDeps,
  repository: Repository,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const patterns = legalPatterns(repository.branches);
  const { defaultBranch, heads } = await deps.source.listHeads(repository.slug, patterns, signal);
  const jobs: number[] = [];
  for (const [branch, commit] of heads) {
    if (branch !== defaultBranch && !matchesBranch(branch, patterns)) continue;
    jobs.push(...(await followHead(deps, repository, branch, commit, signal)));
  }
  return jobs;
}

async function followHead(
  deps: GitHubDeps,
  repository: Repository,
  branch: string,
  commit: CommitSha,
  signal: AbortSignal,
): Promise<readonly number[]> {
  if ((await deps.records.links.findSeenHead(repository.id, branch)) === commit) return [];
  if (await deps.records.links.wasDispatched(repository.id, commit)) {
    await deps.records.links.saveSeenHead(repository.id, branch, commit);
    return [];
  }
  const head = { repository, branch, commit, requestedBy: byCatchUp, unannounced: commit };
  const verdict = await considerHead(deps, head, signal);
  if (verdict.kind !== 'dispatched') return [];
  const { missed, job, duplicate } = verdict;
  if (duplicate) return missed;
  deps.logger.info('a push that no event announced', { repository: repository.slug, branch, commit, job });
  return [...missed, job];
}

export interface CatchUpLoop {
  /** Looks at once, then every `minutes` minutes. */
  start(): void;
  stop(): Promise<void>;
}

export function buildCatchUpLoop(deps: GitHubDeps, minutes: number): CatchUpLoop {
  const { clock, logger } = deps;
  const loop = buildWorkLoop({
    clock,
    logger,
    idleMs: minutes * 60_000,
    trouble: 'catching up failed',
    work: async (signal) => {
      try {
        const { looked, jobs, troubles } = await catchUp(deps, signal);
        logger.debug('caught up', { looked, jobs, troubles });
      } catch (error) {
        // Jobs that need the git host report that it is down; this loop only tries again later.
        if (!(error instanceof Outage)) throw error;
        logger.debug('catching up waits', { detail: error.detail });
      }
      return false;
    },
  });
  return {
    start: () => {
      if (minutes > 0) loop.start();
    },
    stop: async () => loop.stop(),
  };
}

import { Outage, PublishError } from '../../domain/failure/failure.ts';
import type { Repository } from '../../domain/repository/repository.ts';
import type { Registration } from '../../ports/repositories.ts';
import { buildWorkLoop } from '../pacing/work-loop.ts';
import type { RegistrationDeps } from './merge-registration.ts';
import { mergeRegistration } from './merge-registration.ts';
import { settleRegistration } from './settle-registration.ts';

/** Pause between looks; somebody who has merged looks at the thread soon after. */
const everyMs = 5 * 60_000;

/**
 * Looks at the pull requests that are open as far as we know, since webhooks may not have come. A pull request that
 * cannot be looked at does not keep the others waiting. Throws Outage('git-host').
 */
export async function followRegistrations(deps: RegistrationDeps, signal: AbortSignal): Promise<void> {
  for (const registration of await deps.records.registrations.listOpen()) {
    const repository = await deps.records.repositories.find(registration.repositoryId);
    if (repository === undefined) continue;
    const { slug } = repository;
    try {
      const state = await findState(deps, repository, registration, signal);
      if (state !== 'open') await settleRegistration(deps, repository, registration, state, signal);
    } catch (error) {
      if (!(error instanceof PublishError)) throw error;
      deps.logger.warn('a registration cannot be looked at', { repository: slug, error });
    }
  }
}

const mergeByHand =
  'Merge it on GitHub, or mend what stops it and ask again with /register: the publisher does not try again by itself.';

/** Returns the state of a pull request, and merges it if it waited for its checks. */
async function findState(
  deps: RegistrationDeps,
  repository: Repository,
  registration: Registration,
  signal: AbortSignal,
): Promise<'open' | 'merged' | 'closed'> {
  const { pullRequest, mergeAt } = registration;
  const found = await deps.github.writer.findPullRequest(repository.slug, pullRequest, signal);
  if (found?.state !== 'open' || mergeAt === undefined) return found?.state ?? 'closed';
  const merge = await mergeRegistration(deps, repository, registration, mergeAt, signal);
  if (merge.kind === 'refused') {
    const title = `Pull request #${pullRequest} of ${repository.slug} is not merged: ${merge.detail}`;
    const notice = {
      kind: 'repository-notice',
      repository: repository.slug,
      title,
      remedy: mergeByHand,
    } as const;
    await deps.records.outbox.add(
      notice,
      `registration-not-merged-${repository.id}-${pullRequest}-${mergeAt}`,
    );
  }
  return merge.kind === 'merged' ? 'merged' : 'open';
}

export interface RegistrationLoop {
  /** Looks at once, then every five minutes; also without webhooks and without catching up. */
  start(): void;
  stop(): Promise<void>;
}

export function buildRegistrationLoop(deps: RegistrationDeps): RegistrationLoop {
  const { clock, logger } = deps;
  return buildWorkLoop({
    clock,
    logger,
    idleMs: everyMs,
    trouble: 'following registrations failed',
    work: async (signal) => {
      try {
        await followRegistrations(deps, signal);
      } catch (error) {
        if (!(error instanceof Outage)) throw error;
        logger.debug('registrations wait', { detail: error.detail });
      }
      return false;
    },
  });
}

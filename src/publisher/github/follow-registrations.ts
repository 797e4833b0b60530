import { Outage, PublishError } from '../../domain/failure.ts';
import type { RegistrationDeps } from './registration.ts';
import { settleRegistration } from './settle-registration.ts';

/** Somebody who has merged looks at the thread soon after. */
const everyMs = 5 * 60_000;

/**
 * Looks at the pull requests that are open as far as we know; webhooks may not have come. One that cannot be looked at
 * does not keep the others. Throws Outage('git-host').
 */
export async function followRegistrations(deps: RegistrationDeps, signal: AbortSignal): Promise<void> {
  for (const registration of await deps.registrations.listOpen()) {
    const repository = await deps.repositories.find(registration.repositoryId);
    if (repository === undefined) continue;
    const { slug } = repository;
    try {
      const found = await deps.writer.findPullRequest(slug, registration.pullRequest, signal);
      const state = found?.state ?? 'closed';
      if (state !== 'open') await settleRegistration(deps, repository, registration, state, signal);
    } catch (error) {
      if (!(error instanceof PublishError)) throw error;
      deps.logger.warn('a registration cannot be looked at', { repository: slug, error });
    }
  }
}

export interface RegistrationLoop {
  /** Looks at once, then every five minutes; also without webhooks and without catching up. */
  start(): void;
  stop(): Promise<void>;
}

export function buildRegistrationLoop(deps: RegistrationDeps): RegistrationLoop {
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await followRegistrations(deps, stopping.signal);
      } catch (error) {
        if (error instanceof Outage) deps.logger.debug('registrations wait', { detail: error.detail });
        else if (!stopping.signal.aborted) deps.logger.error('following registrations failed', { error });
      }
      await deps.clock.sleep(everyMs, stopping.signal).catch(() => undefined);
    }
  }

  return {
    start: () => {
      loop ??= run();
    },
    stop: async () => {
      stopping.abort(new Error('stopping'));
      await loop;
    },
  };
}

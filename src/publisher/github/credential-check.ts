import { Outage } from '../../domain/failure/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { GitCredentials } from '../../ports/git.ts';
import type { Logger } from '../../ports/logger.ts';
import { buildWorkLoop } from '../pacing/work-loop.ts';
import type { ComponentState } from '../queue/readiness.ts';

export interface CredentialCheckDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly credentials: Pick<GitCredentials, 'probe'>;
  /** True when a token or an App is set. */
  readonly isConfigured: boolean;
}

export interface CredentialCheck {
  /** Probes the credentials at once, and now and then from now on. */
  start(): void;
  /** Undefined while nothing is known. */
  state(): ComponentState | undefined;
  stop(): Promise<void>;
}

const goodPauseMs = 10 * 60_000;
const badPauseMs = 60_000;
const probeTimeoutMs = 30_000;

/** Builds a check that finds out that the git host's credentials are bad before a publish does. */
export function buildCredentialCheck(deps: CredentialCheckDeps): CredentialCheck {
  const { clock, logger } = deps;
  let known: ComponentState | undefined;

  async function findTrouble(stopping: AbortSignal): Promise<ComponentState | undefined> {
    try {
      await deps.credentials.probe(AbortSignal.any([stopping, AbortSignal.timeout(probeTimeoutMs)]));
      return undefined;
    } catch (error) {
      stopping.throwIfAborted();
      const why = error instanceof Outage ? error.detail : 'the git host’s API did not answer';
      return { state: 'down', since: null, why };
    }
  }

  function learn(trouble: ComponentState | undefined): void {
    const now: Omit<ComponentState, 'since'> = trouble ?? describeGood(deps.isConfigured);
    if (known?.state === now.state && known.why === now.why) return;
    known = { ...now, since: new Date(clock.now()).toISOString() };
    if (trouble === undefined) logger.info('the git host takes our credentials', {});
    else logger.warn('the git host’s API cannot be used', { why: trouble.why });
  }

  const loop = buildWorkLoop({
    clock,
    logger,
    idleMs: goodPauseMs,
    trouble: 'the git host’s credentials could not be checked',
    work: async (signal) => {
      const trouble = await findTrouble(signal);
      learn(trouble);
      return trouble === undefined ? goodPauseMs : badPauseMs;
    },
  });
  return { start: () => loop.start(), state: () => known, stop: async () => loop.stop() };
}

function describeGood(isConfigured: boolean): Omit<ComponentState, 'since'> {
  if (isConfigured) return { state: 'ok', why: null };
  return {
    state: 'degraded',
    why: 'neither GITHUB_TOKEN nor an App is set: only public repositories are read',
  };
}

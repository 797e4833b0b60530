import { Outage } from '../../domain/failure/failure.ts';
import type { Clock } from '../../ports/clock.ts';
import type { GitCredentials } from '../../ports/git.ts';
import type { Logger } from '../../ports/logger.ts';
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
  const stopping = new AbortController();
  let known: ComponentState | undefined;
  let loop: Promise<void> | undefined;

  async function findTrouble(): Promise<ComponentState | undefined> {
    try {
      await deps.credentials.probe(AbortSignal.any([stopping.signal, AbortSignal.timeout(probeTimeoutMs)]));
      return undefined;
    } catch (error) {
      stopping.signal.throwIfAborted();
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

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const trouble = await findTrouble();
      learn(trouble);
      await clock.sleep(trouble === undefined ? goodPauseMs : badPauseMs, stopping.signal);
    }
  }

  return {
    start: () => {
      // The loop ends by its signal only.
      loop ??= run().catch(() => undefined);
    },
    state: () => known,
    stop: async () => {
      stopping.abort(new Error('stopping'));
      await loop;
    },
  };
}

function describeGood(isConfigured: boolean): Omit<ComponentState, 'since'> {
  if (isConfigured) return { state: 'ok', why: null };
  return {
    state: 'degraded',
    why: 'neither GITHUB_TOKEN nor an App is set: only public repositories are read',
  };
}

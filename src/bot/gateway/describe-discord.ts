import type { ComponentState } from '../../publisher/queue/readiness.ts';
import type { BotState } from './client.ts';

/** Describes Discord for /readyz: the connection, and what hides our messages. */
export function describeDiscord(state: BotState, trouble: string | undefined): ComponentState {
  const since = new Date(state.since).toISOString();
  if (state.kind === 'headless') return { state: 'down', since, why: state.why ?? null };
  const why = trouble ?? state.why ?? null;
  return { state: why === null ? 'ok' : 'degraded', since, why };
}

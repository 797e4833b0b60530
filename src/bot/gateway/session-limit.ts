import { REST, type RESTOptions } from '@discordjs/rest';
import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';

export interface SessionRequest {
  readonly rest: Partial<RESTOptions>;
  readonly token: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called with the reason, in one phrase, whenever it has to wait. */
  readonly onWait: (why: string) => void;
}

const shortestWaitMs = 5_000;
/** Discord resets the session limit daily. */
const longestWaitMs = 24 * 60 * 60_000;

/** The part of Discord's “Get Gateway Bot” answer that we use. */
const gatewayShape = z.object({
  session_start_limit: z.object({ remaining: z.int(), reset_after: z.number().nonnegative() }),
});

/**
 * Resolves once Discord allows another session and one more would remain: identifying too often makes Discord reset the
 * token. Rejects with the request's error, with an error for an answer of another shape, and with the signal's reason.
 */
export async function awaitSession({
  rest: options,
  token,
  clock,
  signal,
  onWait,
}: SessionRequest): Promise<void> {
  const rest = new REST(options).setToken(token);
  for (;;) {
    const answer: unknown = await rest.get('/gateway/bot', { signal });
    const { remaining, reset_after: resetAfterMs } = gatewayShape.parse(answer).session_start_limit;
    if (remaining > 1) return;
    const waitMs = Math.min(Math.max(resetAfterMs, shortestWaitMs), longestWaitMs);
    onWait(`Discord allows no more sessions for ${Math.ceil(waitMs / 60_000)} min`);
    await clock.sleep(waitMs, signal);
  }
}

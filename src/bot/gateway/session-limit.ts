import { REST, type RESTOptions } from '@discordjs/rest';
import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';

export interface SessionRequest {
  readonly rest: Partial<RESTOptions>;
  readonly token: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told, in one phrase, whenever it has to wait. */
  readonly onWait: (why: string) => void;
}

const shortestWaitMs = 5_000;
/** Discord counts sessions by the day. */
const longestWaitMs = 24 * 60 * 60_000;

/** Of Discord's answer to “Get Gateway Bot”, what is used of it. */
const gatewayShape = z.object({
  session_start_limit: z.object({ remaining: z.int(), reset_after: z.number().nonnegative() }),
});

/**
 * Resolves once Discord allows another session and one is left besides: identifying more often makes it reset the token.
 * Rejects with what the request throws, with an error for an answer of another form, and with the signal's reason.
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

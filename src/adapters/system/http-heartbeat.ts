import { type Heartbeat, HeartbeatRefused } from '../../ports/system.ts';

export interface HttpHeartbeatOptions {
  /** Current value of HEARTBEAT_URL; undefined when it is not set. */
  readonly url: () => string | undefined;
  /** Whether this address may be requested. */
  readonly isAllowed: (url: string) => boolean;
  readonly timeoutMs: number;
}

/**
 * Sends a GET to an address that a monitoring service watches. Redirects are not followed, since they would carry the
 * key along.
 */
export function buildHttpHeartbeat({ url, isAllowed, timeoutMs }: HttpHeartbeatOptions): Heartbeat {
  return {
    beat: async (signal) => {
      const address = url();
      if (address === undefined || !isAllowed(address)) {
        throw new HeartbeatRefused('HEARTBEAT_URL is no https URL any more');
      }
      const deadline = AbortSignal.timeout(timeoutMs);
      const status = await call(address, AbortSignal.any([signal, deadline])).catch((error: unknown) => {
        signal.throwIfAborted();
        const why = deadline.aborted ? 'it did not answer in time' : 'it could not be reached';
        throw new HeartbeatRefused(why, { cause: causeOf(error) });
      });
      if (status < 200 || status > 299) throw new HeartbeatRefused(`it answered HTTP ${status}`);
    },
  };
}

async function call(address: string, signal: AbortSignal): Promise<number> {
  const answer = await fetch(address, { redirect: 'manual', signal });
  await answer.body?.cancel();
  return answer.status;
}

/** Returns a code such as `ECONNREFUSED`; the error itself may contain the address. */
function causeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
}

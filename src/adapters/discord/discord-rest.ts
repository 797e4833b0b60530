import type { RESTOptions } from '@discordjs/rest';
import { z } from 'zod';
import { answerWith, readBody, UnusableAnswer } from '../system/read-body.ts';

/** Maximum time of one call. @discordjs/rest waits inside the call for rate limits; longer waits are rejected. */
export const callTimeoutMs = 60_000;
/** Longer than any rate limit of Discord known to us. */
export const longestWaitMs = 10 * 60_000;

const requestTimeoutMs = 15_000;
/** A hundred messages with everything that Discord allows in them take about 6 MB. */
const answerMaxBytes = 16 * 1024 * 1024;
/** Minimum wait, so that a server that answers 429 with a wait of zero is not asked in a tight loop. */
const shortestWaitMs = 1_000;
/** Number of 429 answers after which a call is given up. */
const refusalsMax = 3;

/** A 429 for which the library cannot wait. */
export class SentAway extends Error {
  readonly retryAfterMs: number;
  constructor(retryAfterMs: number) {
    super('rate limited');
    this.name = 'SentAway';
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Options for all our requests to Discord. The library never retries by itself, since not every request may be
 * repeated, and unusable answers are rejected. `apiUrl` is DISCORD_API_URL; an answer must arrive with its whole body
 * within `timeoutMs`.
 */
export function buildRestOptions(apiUrl: string, timeoutMs = requestTimeoutMs): Partial<RESTOptions> {
  return {
    api: apiUrl,
    version: '10',
    retries: 0,
    timeout: timeoutMs,
    rejectOnRateLimit: ({ timeToReset, retryAfter }) => Math.max(timeToReset, retryAfter) > callTimeoutMs,
    makeRequest: buildMakeRequest(),
  };
}

type MakeRequest = RESTOptions['makeRequest'];

/**
 * Builds the function that makes HTTP requests for the library, because the library itself reads bodies without a size
 * or time limit; accepts an HTML page, a redirect and a truncated answer as success, and a proxy's page as Discord's
 * refusal; and repeats a request for as long as it gets 429, without a pause when there is no Retry-After that it
 * understands. Rejects with UnusableAnswer, SentAway, or as `fetch` does.
 */
function buildMakeRequest(): MakeRequest {
  // Every try of one call passes the same headers object.
  const refusals = new WeakMap<object, number>();
  return async (url, init) => {
    const response = await fetch(url, { ...(init as unknown as RequestInit), redirect: 'manual' });
    const answer = answerWith(response, await readBody(response, answerMaxBytes));
    if (answer.status === 429) {
      const call = init.headers ?? init;
      const count = (refusals.get(call) ?? 0) + 1;
      refusals.set(call, count);
      await sayWhenToComeBack(answer, count);
    } else if (!(await isUsable(answer.clone()))) {
      throw new UnusableAnswer(`HTTP ${answer.status}, but not in the form of Discord’s API`);
    }
    boundReset(answer.headers);
    return answer as Awaited<ReturnType<MakeRequest>>;
  };
}

/** Sets the Retry-After header by which the library waits; throws SentAway when the library would retry forever. */
async function sayWhenToComeBack(answer: Response, count: number): Promise<void> {
  const said: unknown = await answer
    .clone()
    .json()
    .catch(() => undefined);
  const inBody = limitShape.safeParse(said).data?.retry_after;
  const seconds = readSeconds(answer.headers.get('retry-after')) ?? inBody;
  const waitMs = Math.min(Math.max((seconds ?? 0) * 1_000, shortestWaitMs), longestWaitMs);
  if (seconds === undefined || count >= refusalsMax) throw new SentAway(waitMs);
  answer.headers.set('retry-after', String(waitMs / 1_000));
}

const limitShape = z.object({ retry_after: z.number().nonnegative() });
const errorShape = z.object({ code: z.number() });

/** The body of a 5xx is never read, so any is acceptable. */
async function isUsable(answer: Response): Promise<boolean> {
  const { status, headers } = answer;
  if (status >= 500 || status === 204) return true;
  if ((status >= 300 && status < 400) || headers.get('content-type')?.startsWith('application/json') !== true)
    return false;
  const said: unknown = await answer.json().catch(() => undefined);
  return status >= 400 ? errorShape.safeParse(said).success : typeof said === 'object' && said !== null;
}

const resetAfter = 'x-ratelimit-reset-after';

/** Limits the rate-limit reset time of an answer, since the library would wait for any time that it names, even a century. */
function boundReset(headers: Headers): void {
  const seconds = readSeconds(headers.get(resetAfter));
  if (seconds === undefined) headers.delete(resetAfter);
  else headers.set(resetAfter, String(Math.min(seconds, longestWaitMs / 1_000)));
}

function readSeconds(header: string | null): number | undefined {
  return header !== null && /^\d+(\.\d+)?$/.test(header) ? Number(header) : undefined;
}

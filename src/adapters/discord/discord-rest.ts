import type { RESTOptions } from '@discordjs/rest';
import { z } from 'zod';
import { answerWith, readBody, UnusableAnswer } from '../system/read-body.ts';

/** The queue of @discordjs/rest waits for rate limits inside of a call; what has to wait longer is refused. */
export const callTimeoutMs = 60_000;
/** Longer than any limit of Discord that we know of. */
export const longestWaitMs = 10 * 60_000;

const requestTimeoutMs = 15_000;
/** A hundred messages with everything that Discord allows in them are about six. */
const answerMaxBytes = 16 * 1024 * 1024;
/** Whoever says that we may come at once, and sends us away again, is not asked in a loop. */
const shortestWaitMs = 1_000;
/** So often one call is sent away before it is given up. */
const refusalsMax = 3;

/** Sent away, and not in a way that the library could wait for. */
export class SentAway extends Error {
  readonly retryAfterMs: number;
  constructor(retryAfterMs: number) {
    super('rate limited');
    this.name = 'SentAway';
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * How everything of ours asks Discord: nothing is asked twice by the library itself, since not everything may be done
 * twice, and no answer is taken for one that is not. `apiUrl` is DISCORD_API_URL; an answer is there `timeoutMs` after the
 * request with all of its body, or never.
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
 * The library reads bodies on its own, without end and without a time limit; takes a page, a redirect and half an answer
 * for success, and the page of a gate for Discord's refusal; and repeats what got a 429 for as long as it gets one, without
 * a pause when there is no Retry-After that it understands. Rejects with UnusableAnswer, SentAway, or as `fetch` does.
 */
function buildMakeRequest(): MakeRequest {
  // Every try of one call comes with the same headers.
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

/** Writes the header that the library waits by; throws SentAway where it would not come to an end. */
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

/** A 5xx may say what it likes: nothing of it is read. */
async function isUsable(answer: Response): Promise<boolean> {
  const { status, headers } = answer;
  if (status >= 500 || status === 204) return true;
  if ((status >= 300 && status < 400) || headers.get('content-type')?.startsWith('application/json') !== true)
    return false;
  const said: unknown = await answer.json().catch(() => undefined);
  return status >= 400 ? errorShape.safeParse(said).success : typeof said === 'object' && said !== null;
}

const resetAfter = 'x-ratelimit-reset-after';

/** The library asks nothing of a bucket before that time, and would believe a century. */
function boundReset(headers: Headers): void {
  const seconds = readSeconds(headers.get(resetAfter));
  if (seconds === undefined) headers.delete(resetAfter);
  else headers.set(resetAfter, String(Math.min(seconds, longestWaitMs / 1_000)));
}

function readSeconds(header: string | null): number | undefined {
  return header !== null && /^\d+(\.\d+)?$/.test(header) ? Number(header) : undefined;
}

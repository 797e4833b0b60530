import { z } from 'zod';
import { failure, Outage, PublishError } from '../../domain/failure/failure.ts';
import type { Slug } from '../../domain/repository/repository.ts';
import { buildRedactor } from '../../domain/text/redact.ts';
import { wordNetworkError } from '../system/network-error.ts';
import { UnusableAnswer } from '../system/read-body.ts';
import { parseRetryAfter } from '../system/retry-after.ts';
import { RedirectedAway } from './same-origin-fetch.ts';

/** The used fields of Octokit's errors; their classes are in packages that we do not depend on directly. */
const refusalShape = z.object({
  name: z.literal('HttpError'),
  status: z.number(),
  response: z
    .object({
      headers: z.record(z.string(), z.union([z.string(), z.number()])),
      data: z.unknown(),
    })
    .optional(),
});

/** An answer whose status is not a success. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly data: unknown;
}

/** Undefined when the error holds no answer. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name } = error;
  const { status, response } = error as { readonly status?: unknown; readonly response?: unknown };
  const parsed = refusalShape.safeParse({ name, status, response });
  if (!parsed.success || parsed.data.response === undefined) return undefined;
  return { status: parsed.data.status, ...parsed.data.response };
}

export function statusOf(error: unknown): number | undefined {
  return refusalOf(error)?.status;
}

const bodyShape = z.object({
  message: z.string().catch(''),
  documentation_url: z.string().catch(''),
  errors: z.array(z.object({ message: z.string() })).catch([]),
});
const longestDetail = 300;
const hideTokens = buildRedactor(() => []);

/** Returns GitHub's own words about a refusal on one line: untrusted text, only to be shown to people. */
export function wordsOf(refusal: Refusal): string {
  const body = bodyShape.safeParse(refusal.data);
  const words = body.success ? (body.data.errors[0]?.message ?? body.data.message) : '';
  return oneLine(words === '' ? `HTTP ${refusal.status}` : words);
}

/** Removes tokens before the text is cut, because the general redactor would not recognise a part of a token. */
export function oneLine(text: string): string {
  return hideTokens(text).replaceAll(/\s+/g, ' ').trim().slice(0, longestDetail);
}

/**
 * Translates an error of a call about this repository: to an Outage or a failure of the repository; any other error is
 * a bug and returned as it is.
 */
export function explainError(error: unknown, slug: Slug | undefined, now: number): unknown {
  if (error instanceof Outage || error instanceof PublishError) return error;
  const refusal = refusalOf(error);
  if (refusal !== undefined) return explainRefusal(refusal, slug, now, error);
  if (!isTransportError(error)) return error;
  const cause = error.cause ?? error;
  const away = 'it redirects to another host; set GITHUB_API_URL to the final address';
  const detail = cause instanceof RedirectedAway ? away : wordNetworkError(cause);
  return new Outage('git-host', 'down', detail, undefined, { cause: error });
}

function isTransportError(error: unknown): error is Error {
  if (error instanceof DOMException || error instanceof UnusableAnswer) return true;
  return error instanceof Error && (error.name === 'HttpError' || error.name === 'AbortError');
}

function explainRefusal(refusal: Refusal, slug: Slug | undefined, now: number, cause: unknown): Error {
  const { status } = refusal;
  const limit = findLimit(refusal, now);
  if (limit !== undefined) {
    return new Outage('git-host', 'down', `rate limited (HTTP ${status})`, limit.retryAfterMs, { cause });
  }
  if (status >= 500) {
    return new Outage('git-host', 'down', `HTTP ${status}`, retryAfterOf(refusal, now), { cause });
  }
  if (status === 401 || slug === undefined) {
    const detail = `the git host’s API refuses our credentials (HTTP ${status})${wordSkew(refusal, now)}`;
    return new Outage('git-host', 'credentials', detail, undefined, { cause });
  }
  if (status === 403)
    return new PublishError(failure('repository-forbidden', { repository: slug }), { cause });
  const detail = status === 404 ? 'not found on the git host' : wordsOf(refusal);
  return new PublishError(failure('repository-unavailable', { repository: slug, detail }), { cause });
}

/**
 * GitHub accepts an App's signature with a clock difference of up to a minute. The Date header of its answers is the
 * only other clock available.
 */
const skewMaxMs = 60_000;
/** GitHub's rate limits are hourly, so a longer wait in a header is not believed. */
const longestLimitMs = 61 * 60_000;

/** Epoch milliseconds by the git host's clock. */
function dateOf(refusal: Refusal): number | undefined {
  const said = Date.parse(String(refusal.headers['date']));
  return Number.isNaN(said) ? undefined : said;
}

function wordSkew(refusal: Refusal, now: number): string {
  const aheadMs = now - (dateOf(refusal) ?? now);
  if (Math.abs(aheadMs) <= skewMaxMs) return '';
  const by = `${Math.round(Math.abs(aheadMs) / 60_000)} min ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
  return `; the clock of this machine is ${by} the git host’s: set it (NTP)`;
}

function retryAfterOf(refusal: Refusal, now: number): number | undefined {
  const value = refusal.headers['retry-after'];
  return parseRetryAfter(value === undefined ? undefined : String(value), now);
}

/**
 * Recognises a secondary rate limit by `retry-after` or by its documentation URL, the primary one by a remainder of 0
 * and a reset time.
 */
function findLimit(refusal: Refusal, now: number): { readonly retryAfterMs: number | undefined } | undefined {
  if (refusal.status !== 403 && refusal.status !== 429) return undefined;
  const retryAfterMs = retryAfterOf(refusal, now);
  if (retryAfterMs !== undefined) return { retryAfterMs };
  if (String(refusal.headers['x-ratelimit-remaining']) === '0') {
    const resetMs = Number(refusal.headers['x-ratelimit-reset']) * 1000;
    const waitMs = Math.max(resetMs - (dateOf(refusal) ?? now), 0) + 1_000;
    return { retryAfterMs: Number.isFinite(resetMs) ? Math.min(waitMs, longestLimitMs) : undefined };
  }
  const body = bodyShape.safeParse(refusal.data);
  const isAboutLimits = body.success && body.data.documentation_url.includes('rate-limit');
  if (refusal.status !== 429 && !isAboutLimits) return undefined;
  return { retryAfterMs: undefined };
}

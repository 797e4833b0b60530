import { createHash } from 'node:crypto';
import type { ViolationList } from '../violations.ts';
import type { RestAnswer, RestRequest } from './exchange.ts';

const WINDOW_MS = 5000;
const WRITES_PER_WINDOW = 5;

interface Announced {
  readonly path: string;
  readonly untilMs: number;
  readonly global: boolean;
  /** Clients that were told to wait; asking again too early is a violation. */
  readonly told: Set<string>;
}

interface Window {
  readonly startedAtMs: number;
  used: number;
}

export interface RateLimits {
  /** Whether the buckets count; when false, headers announce that plenty is left. */
  enforced: boolean;
  /** Answers 429 to every request whose path begins with `path` until the time is over. */
  announce(path: string, retryAfterSeconds: number, global: boolean): void;
  /** Counts the request and returns its 429, or undefined when it may pass. */
  refuse(request: RestRequest): RestAnswer | undefined;
  /** Returns the X-RateLimit headers of this request's bucket. */
  headers(request: RestRequest): Record<string, string>;
}

export function createRateLimits(now: () => number, violations: ViolationList): RateLimits {
  let announced: Announced[] = [];
  const windows = new Map<string, Window>();
  const limits: RateLimits = {
    enforced: false,
    announce(path, retryAfterSeconds, global) {
      announced.push({ path, untilMs: now() + retryAfterSeconds * 1000, global, told: new Set() });
    },
    refuse(request) {
      announced = announced.filter((limit) => limit.untilMs > now());
      const limit = announced.find(({ path, global }) => global || request.path.startsWith(path));
      if (limit) return refuseAnnounced(limit, request, now(), violations);
      return isCounted(limits, request) ? takeFrom(windowOf(windows, request, now()), now()) : undefined;
    },
    headers(request) {
      if (!isCounted(limits, request)) return describeWindow(request, WINDOW_MS / 1000, now(), 1000, 999);
      const window = windowOf(windows, request, now());
      const leftSeconds = (window.startedAtMs + WINDOW_MS - now()) / 1000;
      return describeWindow(request, leftSeconds, now(), WRITES_PER_WINDOW, WRITES_PER_WINDOW - window.used);
    },
  };
  return limits;
}

function isCounted(limits: RateLimits, request: RestRequest): boolean {
  return limits.enforced && request.method !== 'GET';
}

function windowOf(windows: Map<string, Window>, request: RestRequest, nowMs: number): Window {
  const key = bucketKey(request);
  const found = windows.get(key);
  if (found && nowMs - found.startedAtMs < WINDOW_MS) return found;
  const fresh = { startedAtMs: nowMs, used: 0 };
  windows.set(key, fresh);
  return fresh;
}

function takeFrom(window: Window, nowMs: number): RestAnswer | undefined {
  if (window.used >= WRITES_PER_WINDOW)
    return tooMany((window.startedAtMs + WINDOW_MS - nowMs) / 1000, false);
  window.used += 1;
  return undefined;
}

function refuseAnnounced(
  limit: Announced,
  request: RestRequest,
  nowMs: number,
  violations: ViolationList,
): RestAnswer {
  const who = limit.global ? 'everything' : bucketKey(request);
  if (limit.told.has(who)) {
    const early = `asked again ${limit.untilMs - nowMs} ms before Retry-After had passed`;
    violations.add('behaviour', `${request.method} ${request.path}`, [early]);
  }
  limit.told.add(who);
  return tooMany((limit.untilMs - nowMs) / 1000, limit.global);
}

function describeWindow(
  request: RestRequest,
  leftSeconds: number,
  nowMs: number,
  limit: number,
  remaining: number,
): Record<string, string> {
  return {
    'x-ratelimit-bucket': createHash('md5').update(bucketName(request)).digest('hex'),
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': (nowMs / 1000 + leftSeconds).toFixed(3),
    'x-ratelimit-reset-after': leftSeconds.toFixed(3),
  };
}

/** Returns the bucket of a request: Discord distinguishes method, route and the first id of the path. */
function bucketKey(request: RestRequest): string {
  return `${bucketName(request)} ${request.path.split('/')[2] ?? ''}`;
}

function bucketName(request: RestRequest): string {
  return `${request.method} ${request.path.replaceAll(/\d{15,}/g, ':id')}`;
}

function tooMany(retryAfterSeconds: number, global: boolean): RestAnswer {
  const seconds = Math.max(0.001, retryAfterSeconds);
  return {
    status: 429,
    body: {
      message: 'You are being rate limited.',
      retry_after: Number(seconds.toFixed(3)),
      global,
      code: 0,
    },
    headers: {
      'retry-after': String(Math.ceil(seconds)),
      'x-ratelimit-scope': global ? 'global' : 'user',
      ...(global ? { 'x-ratelimit-global': 'true' } : {}),
    },
  };
}

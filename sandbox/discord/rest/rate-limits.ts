import { createHash } from 'node:crypto';
import type { ViolationList } from '../violations.ts';
import type { RestAnswer, RestRequest } from './exchange.ts';

const WINDOW_MS = 5000;
const WRITES_PER_WINDOW = 5;

interface Announced {
  readonly path: string;
  readonly untilMs: number;
  readonly global: boolean;
  /** Who was told to wait; asking again before the time is a violation. */
  readonly told: Set<string>;
}

export interface RateLimits {
  /** Whether the buckets count; off, they say that there is plenty left. */
  enforced: boolean;
  /** Every request whose path begins with `path` gets a 429 until the time is over. */
  announce(path: string, retryAfterSeconds: number, global: boolean): void;
  /** The 429, or undefined; counts the request. */
  refuse(request: RestRequest): RestAnswer | undefined;
  /** The X-RateLimit headers of this request's bucket. */
  headers(request: RestRequest): Record<string, string>;
  clear(): void;
}

export function createRateLimits(now: () => number, violations: ViolationList): RateLimits {
  let announced: Announced[] = [];
  const windows = new Map<string, { startedAtMs: number; used: number }>();

  function windowOf(key: string) {
    const found = windows.get(key);
    if (found && now() - found.startedAtMs < WINDOW_MS) return found;
    const fresh = { startedAtMs: now(), used: 0 };
    windows.set(key, fresh);
    return fresh;
  }

  function refuseAnnounced(request: RestRequest): RestAnswer | undefined {
    announced = announced.filter((limit) => limit.untilMs > now());
    const limit = announced.find((candidate) => candidate.global || request.path.startsWith(candidate.path));
    if (!limit) return undefined;
    const who = limit.global ? 'everything' : bucketKey(request);
    if (limit.told.has(who)) {
      const where = `${request.method} ${request.path}`;
      violations.add('behaviour', where, [
        `asked again ${limit.untilMs - now()} ms before Retry-After had passed`,
      ]);
    }
    limit.told.add(who);
    return tooMany((limit.untilMs - now()) / 1000, limit.global);
  }

  return {
    enforced: false,
    announce(path, retryAfterSeconds, global) {
      announced.push({ path, untilMs: now() + retryAfterSeconds * 1000, global, told: new Set() });
    },
    refuse(request) {
      const refused = refuseAnnounced(request);
      if (refused || !this.enforced || request.method === 'GET') return refused;
      const window = windowOf(bucketKey(request));
      if (window.used >= WRITES_PER_WINDOW) {
        return tooMany((window.startedAtMs + WINDOW_MS - now()) / 1000, false);
      }
      window.used += 1;
      return undefined;
    },
    headers(request) {
      const key = bucketKey(request);
      const counted = this.enforced && request.method !== 'GET';
      const window = counted ? windowOf(key) : { startedAtMs: now(), used: 0 };
      const resetAtMs = window.startedAtMs + WINDOW_MS;
      return {
        'x-ratelimit-bucket': createHash('md5').update(bucketName(request)).digest('hex'),
        'x-ratelimit-limit': String(counted ? WRITES_PER_WINDOW : 1000),
        'x-ratelimit-remaining': String(counted ? WRITES_PER_WINDOW - window.used : 999),
        'x-ratelimit-reset': (resetAtMs / 1000).toFixed(3),
        'x-ratelimit-reset-after': ((resetAtMs - now()) / 1000).toFixed(3),
      };
    },
    clear() {
      announced = [];
      windows.clear();
    },
  };
}

/** Discord tells buckets apart by method, route and the first id of the path. */
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

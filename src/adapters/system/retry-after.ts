const longestMs = 10 * 60_000;

/**
 * Returns the milliseconds of a Retry-After header (seconds or a date), at most 10 minutes; undefined when it is
 * unusable.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  if (Number.isNaN(waitMs)) return undefined;
  return Math.min(Math.max(waitMs, 0), longestMs);
}

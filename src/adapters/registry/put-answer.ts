import { failure } from '../../domain/failure.ts';
import type { PutAnswer } from '../../ports/registry.ts';
import { parseRetryAfter } from '../retry-after.ts';
import type { Answer, Exchange } from './exchange.ts';

/** What one exchange means for the version that was sent. Pure; by status, never by wording. */
export function toPutAnswer(exchange: Exchange, name: string, nowMs: number): PutAnswer {
  switch (exchange.kind) {
    case 'never-sent':
      return { kind: 'busy', detail: exchange.detail, retryAfterMs: undefined };
    case 'broken':
      return { kind: 'unclear', detail: exchange.detail, retryAfterMs: undefined };
    case 'silent':
      return { kind: 'timed-out', detail: exchange.detail };
    case 'answer':
      return judgeAnswer(exchange, name, nowMs);
  }
}

/** The server did not take it, and says so before it looked at the package. */
const notTaken = new Set([408, 425, 429, 503]);

function judgeAnswer(answer: Answer, name: string, nowMs: number): PutAnswer {
  const { status } = answer;
  const retryAfterMs = parseRetryAfter(answer.retryAfter, nowMs);
  if (status >= 200 && status < 300) {
    if (isClaim(answer)) return { kind: 'accepted' };
    return { kind: 'unclear', detail: `HTTP ${status} without a registry’s answer`, retryAfterMs };
  }
  if (notTaken.has(status)) return { kind: 'busy', detail: `HTTP ${status}`, retryAfterMs };
  if (status >= 500) return { kind: 'unclear', detail: `HTTP ${status}`, retryAfterMs };
  return judgeRefusal(answer, name);
}

function judgeRefusal(answer: Answer, name: string): PutAnswer {
  const { status } = answer;
  if (status === 409) return { kind: 'conflict' };
  if (status === 401) {
    return answer.asksForOtp
      ? { kind: 'refused', failure: failure('registry-requires-otp', {}) }
      : { kind: 'credentials', detail: 'HTTP 401' };
  }
  const detail = detailOf(answer);
  return {
    kind: 'refused',
    failure:
      status === 403
        ? failure('registry-forbidden', { name, detail })
        : failure('registry-rejected-package', { status, detail }),
  };
}

/** A JSON object that does not speak of an error. */
function isClaim(answer: Answer): boolean {
  if (!answer.isComplete) return false;
  const body = readObject(answer.body);
  return body !== undefined && body['error'] === undefined;
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** One line of at most 200 characters from the registry's own words. */
function detailOf(answer: Answer): string {
  if (answer.status < 400) return 'it redirects; set UPM_REGISTRY to the final address';
  const body = readObject(answer.body);
  const words = [body?.['error'], body?.['message'], body?.['reason']].find(
    (word) => typeof word === 'string' && word.trim() !== '',
  );
  const line =
    typeof words === 'string' ? words.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim() : '';
  return line === '' ? `HTTP ${answer.status}` : line.slice(0, 200).toWellFormed();
}

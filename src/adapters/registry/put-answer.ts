import { failure } from '../../domain/failure/failure.ts';
import type { PutAnswer } from '../../ports/registry.ts';
import { parseRetryAfter } from '../system/retry-after.ts';
import type { Answer, Exchange } from './exchange.ts';
import { wordTarget } from './registry-trouble.ts';

/** The upload that was sent, and when it was answered (epoch milliseconds). */
export interface Sending {
  readonly name: string;
  readonly registryUrl: string;
  readonly nowMs: number;
}

/** Derives from one exchange what happened to the version that was sent. Pure; decides by status, never by wording. */
export function toPutAnswer(exchange: Exchange, sending: Sending): PutAnswer {
  switch (exchange.kind) {
    case 'never-sent':
      return { kind: 'busy', detail: exchange.detail, retryAfterMs: undefined };
    case 'broken':
      return { kind: 'unclear', detail: exchange.detail, retryAfterMs: undefined };
    case 'silent':
      return { kind: 'timed-out', detail: exchange.detail };
    case 'answer':
      return judgeAnswer(exchange, sending);
  }
}

/** Statuses with which a server refuses before it looks at the package: the version is not stored. */
const notTaken = new Set([408, 425, 429, 503]);

function judgeAnswer(answer: Answer, sending: Sending): PutAnswer {
  const { status } = answer;
  const retryAfterMs = parseRetryAfter(answer.retryAfter, sending.nowMs);
  if (status >= 200 && status < 300) {
    if (isClaim(answer)) return { kind: 'accepted' };
    return { kind: 'unclear', detail: `HTTP ${status} without a registry’s answer`, retryAfterMs };
  }
  if (notTaken.has(status)) return { kind: 'busy', detail: `HTTP ${status}`, retryAfterMs };
  if (status >= 500) return { kind: 'unclear', detail: `HTTP ${status}`, retryAfterMs };
  return judgeRefusal(answer, sending);
}

function judgeRefusal(answer: Answer, { name, registryUrl }: Sending): PutAnswer {
  const { status } = answer;
  if (status === 409) return { kind: 'conflict' };
  if (status === 401) {
    return answer.asksForOtp
      ? { kind: 'refused', failure: failure('registry-requires-otp', {}) }
      : { kind: 'credentials', detail: 'HTTP 401' };
  }
  if (status < 400) {
    const to = wordTarget(answer.location, registryUrl);
    return { kind: 'refused', failure: failure('registry-name-forwarded', { name, to }) };
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

/** True for a complete JSON object without an error. */
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

/** Returns one line of at most 200 characters from the registry's own message. */
function detailOf(answer: Answer): string {
  const body = readObject(answer.body);
  const words = [body?.['error'], body?.['message'], body?.['reason']].find(
    (word) => typeof word === 'string' && word.trim() !== '',
  );
  const line =
    typeof words === 'string' ? words.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim() : '';
  return line === '' ? `HTTP ${answer.status}` : line.slice(0, 200).toWellFormed();
}

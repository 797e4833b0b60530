import type { Fault } from '../../sandbox/fault-proxy.ts';
import type { PutAnswer } from '../../src/ports/registry.ts';

const rejected = (status: number, detail: string): PutAnswer => ({
  kind: 'refused',
  failure: { reason: 'registry-rejected-package', facts: { status, detail } },
});
const json = { 'content-type': 'application/json' };
/** What a registry or a proxy may do to a PUT, how we interpret it, and whether the package is there afterwards. */
export const putFaults: readonly (readonly [
  string,
  Fault,
  Partial<PutAnswer> & { kind: PutAnswer['kind'] },
  boolean,
])[] = [
  ['a reset before', { kind: 'reset', when: 'before-forwarding' }, { kind: 'unclear' }, false],
  ['a reset after', { kind: 'reset', when: 'after-forwarding' }, { kind: 'unclear' }, true],
  ['stored, then dropped', { kind: 'store-then-drop' }, { kind: 'unclear' }, true],
  ['stored, then 502', { kind: 'store-then-status', status: 502 }, { kind: 'unclear' }, true],
  ['half an answer', { kind: 'half-answer' }, { kind: 'unclear' }, true],
  ['a web page', { kind: 'html-200' }, { kind: 'unclear' }, false],
  ['silence', { kind: 'hang' }, { kind: 'timed-out' }, false],
  ['a claim that is not true', { kind: 'accept-without-forwarding' }, { kind: 'accepted' }, false],
  ['a slow answer', { kind: 'dribble', chunkBytes: 4, everyMs: 5 }, { kind: 'accepted' }, true],
  ['500', { kind: 'status', status: 500 }, { kind: 'unclear' }, false],
  [
    'a claim with an error',
    { kind: 'status', status: 200, body: '{"error":"no"}' },
    { kind: 'unclear' },
    false,
  ],
  ['503', { kind: 'status', status: 503 }, { kind: 'busy', retryAfterMs: undefined }, false],
  [
    '429 with Retry-After',
    { kind: 'status', status: 429, headers: { 'retry-after': '7' } },
    { kind: 'busy', retryAfterMs: 7_000 },
    false,
  ],
  [
    'Retry-After beyond reason',
    { kind: 'status', status: 503, headers: { 'retry-after': '86400' } },
    { kind: 'busy', retryAfterMs: 600_000 },
    false,
  ],
  ['409', { kind: 'status', status: 409 }, { kind: 'conflict' }, false],
  ['401', { kind: 'status', status: 401 }, { kind: 'credentials' }, false],
  [
    '401 that wants a one-time password',
    { kind: 'status', status: 401, headers: { 'www-authenticate': 'OTP' } },
    { kind: 'refused', failure: { reason: 'registry-requires-otp', facts: {} } },
    false,
  ],
  [
    '422 with words',
    { kind: 'status', status: 422, headers: json, body: '{"error":"bad\\r\\n\\u001b[31m name"}' },
    rejected(422, 'bad [31m name'),
    false,
  ],
  ['400 with a page', { kind: 'status', status: 400, body: '<h1>no' }, rejected(400, 'HTTP 400'), false],
  [
    '413 before the body was read',
    { kind: 'status', status: 413, body: '{"error":"too large"}', when: 'before-body' },
    rejected(413, 'too large'),
    false,
  ],
];

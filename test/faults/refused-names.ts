import type { Fault } from '../../sandbox/fault-proxy.ts';

/** How a registry answers for one name while it answers normally for all others, and what we announce about it. */
export interface RefusedName {
  readonly what: string;
  readonly fault: Fault;
  readonly reason: string;
  /** Text that the title or the remedy contains. */
  readonly words: string;
  /** How many attempts are spent; more than one only on what may pass by itself. */
  readonly attempts: number;
}

const json = { 'content-type': 'application/json' };

export const refusedNames: readonly RefusedName[] = [
  {
    what: '403',
    fault: { kind: 'status', status: 403, headers: json, body: '{"error":"forbidden"}' },
    reason: 'registry-name-forbidden',
    words: 'read access',
    attempts: 1,
  },
  {
    what: '401',
    fault: { kind: 'status', status: 401 },
    reason: 'registry-name-forbidden',
    words: 'HTTP 401',
    attempts: 1,
  },
  {
    what: 'a redirect to another origin',
    fault: { kind: 'redirect', status: 302, to: 'https://elsewhere.test/com.studio.secret?token=x' },
    reason: 'registry-name-forwarded',
    words: 'https://elsewhere.test',
    attempts: 1,
  },
  {
    what: 'a redirect to nowhere',
    fault: { kind: 'redirect', status: 307, to: 'http://[' },
    reason: 'registry-name-forwarded',
    words: 'forwards',
    attempts: 1,
  },
  {
    what: 'the document of another name',
    fault: { kind: 'status', status: 200, headers: json, body: '{"name":"com.studio.other","versions":{}}' },
    reason: 'registry-name-unreadable',
    words: 'not a document of this name',
    attempts: 1,
  },
  {
    what: 'a list instead of a document',
    fault: { kind: 'status', status: 200, headers: json, body: '[]' },
    reason: 'registry-name-unreadable',
    words: 'not a document of this name',
    attempts: 1,
  },
  {
    what: 'the 404 page of a proxy',
    fault: { kind: 'status', status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Gone</h1>' },
    reason: 'registry-name-unreadable',
    words: 'HTTP 404',
    attempts: 1,
  },
  {
    what: 'a page with 200',
    fault: { kind: 'html-200' },
    reason: 'registry-name-unreadable',
    words: 'not a document of this name',
    attempts: 1,
  },
  {
    what: '451 of a filter',
    fault: { kind: 'status', status: 451, headers: json, body: '{}' },
    reason: 'registry-name-unreadable',
    words: 'HTTP 451',
    attempts: 1,
  },
  {
    what: 'a document above the limit',
    fault: {
      kind: 'status',
      status: 200,
      headers: { ...json, 'content-length': '70000000' },
      body: '{"name":',
    },
    reason: 'registry-name-unreadable',
    words: '64 MB',
    attempts: 1,
  },
  {
    what: '500',
    fault: { kind: 'status', status: 500 },
    reason: 'registry-name-unavailable',
    words: 'HTTP 500',
    attempts: 5,
  },
  {
    what: '429 with Retry-After',
    fault: { kind: 'status', status: 429, headers: { 'retry-after': '90' } },
    reason: 'registry-name-unavailable',
    words: 'HTTP 429',
    attempts: 5,
  },
  {
    what: 'a torn connection',
    fault: { kind: 'reset', when: 'before-forwarding' },
    reason: 'registry-name-unavailable',
    words: 'connection lost',
    attempts: 5,
  },
  {
    what: 'a document that is cut',
    fault: { kind: 'half-answer' },
    reason: 'registry-name-unavailable',
    words: 'connection lost',
    attempts: 5,
  },
];

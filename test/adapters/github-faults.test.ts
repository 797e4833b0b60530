import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Fault, type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import { type Canary, startCanary } from '../faults/canary.ts';
import { type GitHubFixture, startGitHubFixture } from './github-fixtures.ts';
import {
  type At,
  commitChangelog,
  type OpenGitHub,
  openGitHub,
  openPull,
  questions,
} from './github-questions.ts';

const signal = AbortSignal.timeout(120_000);
let fixture: GitHubFixture;
let proxy: FaultProxy;
/** A foreign server, to which the token must not go. */
let elsewhere: Canary;
let at: At;
/** Adapters that have their tokens already. */
let known: OpenGitHub;

beforeAll(async () => {
  fixture = await startGitHubFixture('App');
  for (const installation of fixture.github.state.installations)
    installation.permissions = { ...installation.permissions, checks: 'write' };
  proxy = await startFaultProxy({ target: fixture.github.apiUrl });
  elsewhere = await startCanary();
  at = { slug: fixture.slug, head: fixture.push() };
  known = open();
  await known.writer.setBranch(at.slug, 'topic', at.head, false, signal);
  await commitChangelog(known, at, 'topic');
  await openPull(known, at.slug, 'topic');
  for (const use of ['read', 'workflows', 'checks'] as const)
    await known.credentials.tokenFor(fixture.slug, use, signal);
});
afterAll(async () => {
  await elsewhere.stop();
  await proxy.stop();
  await fixture.stop();
});
beforeEach(() => proxy.clear());

function open(timeoutMs?: number): OpenGitHub {
  return openGitHub(fixture, proxy.url, timeoutMs);
}

const json = { 'content-type': 'application/json; charset=utf-8' };
const page = { 'content-type': 'text/html' };

interface Unusable {
  readonly fault: () => Fault;
  readonly detail: RegExp;
}

const unusable: Readonly<Record<string, Unusable>> = {
  'half an answer': { fault: () => ({ kind: 'half-answer' }), detail: /^connection lost$/ },
  'a torn connection': {
    fault: () => ({ kind: 'reset', when: 'after-forwarding' }),
    detail: /^connection lost$/,
  },
  'a page with 200': { fault: () => ({ kind: 'html-200' }), detail: /^HTTP 200, but not in the form of/ },
  'a page with 404': {
    fault: () => ({ kind: 'status', status: 404, headers: page, body: '<h1>Not found</h1>' }),
    detail: /^HTTP 404, but not in the form of/,
  },
  'other JSON': {
    fault: () => ({ kind: 'status', status: 200, headers: json, body: '{"message":"Welcome"}' }),
    detail: /^it answers something else than it was asked$/,
  },
  'no object at all': {
    fault: () => ({ kind: 'status', status: 200, headers: json, body: 'null' }),
    detail: /^HTTP 200, but not in the form of/,
  },
  'a redirect to elsewhere': {
    fault: () => ({ kind: 'redirect', status: 307, to: elsewhere.url }),
    detail: /redirects to another host/,
  },
  'a redirect that is no redirect': {
    fault: () => ({ kind: 'redirect', status: 303, to: '/' }),
    detail: /^HTTP 303, but not in the form of/,
  },
  '503': { fault: () => ({ kind: 'status', status: 503 }), detail: /^HTTP 503$/ },
};

describe.each(Object.entries(questions))('GitHub, asked %s', (_question, { request, ask, isFirst }) => {
  it.each(Object.entries(unusable))('when it answers %s, counts as an outage', async (_answer, cell) => {
    proxy.setFaults(({ method, path }) => (request.test(`${method} ${path}`) ? cell.fault() : undefined));
    const said = await ask(isFirst === true ? open() : known, at).catch((error: unknown) => error);
    expect(said).toMatchObject({
      name: 'Outage',
      neighbour: 'git-host',
      kind: 'down',
      detail: expect.stringMatching(cell.detail),
    });
    const suffered = proxy.requests().filter(({ method, path }) => request.test(`${method} ${path}`));
    expect(suffered).toHaveLength(1);
    expect(elsewhere.heard()).toEqual([]);
  });
});

describe.each(['for an installation', 'for a token', 'for its webhooks’ deliveries'])(
  'GitHub, asked %s',
  (question) => {
    const { request, ask } = questions[question] ?? expect.fail();
    const spoil = (fault: Fault) =>
      proxy.setFaults(({ method, path }) => (request.test(`${method} ${path}`) ? fault : undefined));

    it.each<[string, Fault]>([
      ['nothing', { kind: 'hang' }],
      ['a byte now and then', { kind: 'dribble', chunkBytes: 1, everyMs: 600 }],
    ])('when it answers %s, is given up after the timeout', async (_answer, fault) => {
      spoil(fault);
      await expect(ask(open(500), at)).rejects.toMatchObject({ name: 'Outage', detail: 'no answer in time' });
    });

    it('when its answer has no end, is not read to the end', async () => {
      const sent = Promise.withResolvers<number>();
      spoil({ kind: 'endless', closed: sent.resolve });
      await expect(ask(open(), at)).rejects.toMatchObject({
        name: 'Outage',
        detail: 'its answer is too large',
      });
      expect(await sent.promise).toBeLessThan(64 * 1024 * 1024);
    });
  },
);

describe('an App whose token request was answered without a token', () => {
  it('asks for another one and does not use that answer', async () => {
    const opened = open();
    let spoilt = 1;
    proxy.setFaults(({ path }) =>
      path.endsWith('/access_tokens') && spoilt-- > 0
        ? { kind: 'status', status: 201, headers: json, body: '{"expires_at":"2099-01-01T00:00:00Z"}' }
        : undefined,
    );
    await expect(opened.writer.findHead(fixture.slug, 'main', signal)).rejects.toThrow('git-host');
    expect(await opened.writer.findHead(fixture.slug, 'main', signal)).toBeDefined();
    expect(JSON.stringify(proxy.requests())).not.toContain('undefined"');
  });
});

describe('what GitHub did although its answer was lost', () => {
  const lost: readonly (readonly [string, Fault])[] = [
    ['a torn connection', { kind: 'store-then-drop' }],
    ['502', { kind: 'store-then-status', status: 502 }],
    ['half an answer', { kind: 'half-answer' }],
  ];

  it.each(lost)('is not done twice after %s: one pull request, one check', async (how, fault) => {
    const branch = `lost-${how.replaceAll(' ', '-')}`;
    const commit = fixture.push({ branch, files: { 'README.md': how } });
    const opened = open();
    proxy.setFaults(({ method, path, count }) =>
      method === 'POST' && count === 1 && !path.endsWith('access_tokens') ? fault : undefined,
    );
    const twice = async (work: () => Promise<unknown>): Promise<unknown> =>
      work().catch(async () => work().catch(async () => work()));
    await twice(async () => openPull(opened, at.slug, branch));
    await twice(async () => opened.checks.begin(fixture.slug, commit, signal));
    const { pulls, checkRuns } = fixture.github.repository(fixture.slug);
    expect(pulls.filter((item) => item.head === branch)).toHaveLength(1);
    expect(checkRuns.filter((run) => run.commit === commit)).toHaveLength(1);
  });
});

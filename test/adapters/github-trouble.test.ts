import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Outage } from '../../src/domain/failure/failure.ts';
import { catchError, changelog, fixture, useGitHub } from './github-writing.ts';

const signal = AbortSignal.timeout(60_000);

describe('GitHub in trouble', () => {
  useGitHub('personal token');
  const resetAt = Math.floor(Date.now() / 1000) + 300;

  it.each([
    ['502', { status: 502 }, { kind: 'down', detail: 'HTTP 502' }],
    ['429', { status: 429, headers: { 'retry-after': '7' } }, { kind: 'down', retryAfterMs: 7_000 }],
    [
      'a secondary limit',
      { status: 403, headers: { 'retry-after': '60' } },
      { kind: 'down', detail: 'rate limited (HTTP 403)', retryAfterMs: 60_000 },
    ],
    [
      'an exhausted limit',
      { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(resetAt) } },
      { kind: 'down', detail: 'rate limited (HTTP 403)' },
    ],
    [
      'a limit without a header',
      { status: 403, body: { message: 'x', documentation_url: 'https://docs.test/rest/rate-limits' } },
      { kind: 'down' },
    ],
    ['a refused token', { status: 401 }, { kind: 'credentials' }],
  ] as const)('turns %s into an outage that says how long to wait', async (_what, fault, outage) => {
    fixture.github.setFault(() => ({ kind: 'status', ...fault }));
    const error = await catchError(fixture.writer.findHead(fixture.slug, 'main', signal));
    expect(error).toBeInstanceOf(Outage);
    expect(error).toMatchObject({ neighbour: 'git-host', ...outage });
    const tried = fixture.github.requests().filter(({ path }) => path.includes('/git/ref/'));
    expect(tried).toHaveLength(1);
  });

  it('names this machine’s clock as the cause when the refusal’s date shows that it is wrong', async () => {
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    fixture.github.setFault(() => ({ kind: 'status', status: 401, headers: { date } }));
    const error = await catchError(fixture.writer.findHead(fixture.slug, 'main', signal));
    expect((error as Outage).detail).toBe(
      'the git host’s API refuses our credentials (HTTP 401); ' +
        'the clock of this machine is 60 min ahead of the git host’s: set it (NTP)',
    );
  });

  it('is waited for an hour at most, measured by GitHub’s own clock', async () => {
    const limitedUntil = async (resetMs: number, dateMs: number): Promise<number | undefined> => {
      const reset = {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Math.round(resetMs / 1_000)),
      };
      const headers = { ...reset, date: new Date(dateMs).toUTCString() };
      fixture.github.setFault(() => ({ kind: 'status', status: 403, headers }));
      const error = await catchError(fixture.writer.findHead(fixture.slug, 'main', signal));
      return (error as Outage).retryAfterMs;
    };
    const now = Math.floor(Date.now() / 1_000) * 1_000;
    expect(await limitedUntil(now + 7 * 3_600_000 + 5_000, now + 7 * 3_600_000)).toBe(6_000);
    expect(await limitedUntil(now + 7 * 3_600_000, now)).toBe(61 * 60_000);
  });

  it('is waited for as long as the rate limit says', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(resetAt) };
    fixture.github.setFault(() => ({ kind: 'status', status: 403, headers }));
    const error = await catchError(fixture.writer.findHead(fixture.slug, 'main', signal));
    expect((error as Outage).retryAfterMs).toBeGreaterThan(200_000);
    expect((error as Outage).retryAfterMs).toBeLessThanOrEqual(301_000);
  });

  it('is an outage when it resets, does not answer, or cannot be reached', async () => {
    fixture.github.setFault(() => ({ kind: 'reset' }));
    const reset = await catchError(fixture.writer.findHead(fixture.slug, 'main', signal));
    expect(reset).toMatchObject({ name: 'Outage', detail: 'connection lost' });
    fixture.github.setFault(() => ({ kind: 'hang' }));
    const silent = fixture.anotherWriter({ timeoutMs: 200 });
    const hung = await catchError(silent.findHead(fixture.slug, 'main', signal));
    expect(hung).toMatchObject({ name: 'Outage', detail: 'no answer in time' });
    const nobody = fixture.anotherWriter({ apiUrl: 'http://127.0.0.1:9' });
    expect(await catchError(nobody.findHead(fixture.slug, 'main', signal))).toMatchObject({ name: 'Outage' });
  });

  it('is asked no longer when the caller stops', async () => {
    fixture.github.setFault(() => ({ kind: 'hang' }));
    const caller = new AbortController();
    const asked = catchError(fixture.writer.findHead(fixture.slug, 'main', caller.signal));
    caller.abort(new Error('stopping'));
    expect(await asked).toMatchObject({ message: 'stopping' });
  });

  it('reports the repeat of a commit whose answer was lost as “moved”', async () => {
    fixture.github.setFault(({ path, count }) =>
      path === '/graphql' && count === 1 ? { kind: 'storeThenReset' } : undefined,
    );
    const lost = await catchError(fixture.writer.commitFiles(changelog(), signal));
    expect(lost).toMatchObject({ name: 'Outage' });
    expect(await fixture.anotherWriter().commitFiles(changelog(), signal)).toEqual({ kind: 'moved' });
  });

  it('never gets the token sent to a host that it redirects to', async () => {
    const visits: (string | undefined)[] = [];
    const elsewhere = createServer((request, response) => {
      visits.push(request.headers.authorization);
      response.end('{}');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const location = `http://127.0.0.1:${port}/`;
    fixture.github.setFault(() => ({ kind: 'status', status: 307, headers: { location } }));
    const error = await catchError(fixture.writer.findHead(fixture.slug, 'main', signal));
    elsewhere.close();
    expect(error).toMatchObject({ name: 'Outage', detail: expect.stringContaining('GITHUB_API_URL') });
    expect(visits).toEqual([]);
  });
});

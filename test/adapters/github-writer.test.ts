import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import { Outage, PublishError } from '../../src/domain/failure.ts';
import type { CommitSha, Slug } from '../../src/domain/repository.ts';
import type { CommitFilesRequest } from '../../src/ports/repository-writer.ts';
import { type GitHubFixture, type Identity, startGitHubFixture } from './github-fixtures.ts';

const signal = AbortSignal.timeout(60_000);
const bytes = (text: string): Uint8Array => Buffer.from(text);

let fixture: GitHubFixture;
let first: CommitSha;

async function start(identity: Identity): Promise<void> {
  fixture = await startGitHubFixture(identity);
  first = fixture.push();
}

afterEach(async () => {
  await fixture.stop();
});

function changelog(changes: Partial<CommitFilesRequest> = {}): CommitFilesRequest {
  return {
    slug: fixture.slug,
    branch: 'main',
    expectedHead: first,
    files: [{ path: 'Packages/Core/CHANGELOG.md', content: bytes('# Changelog\n') }],
    headline: 'docs: update changelogs',
    body: '',
    ...changes,
  };
}

function show(revision: string, path: string): string {
  const { bare } = fixture.github.repository(fixture.slug);
  return gitSync(['-C', bare, 'show', `${revision}:${path}`]);
}

async function catchError(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error,
  );
}

describe.each<Identity>(['personal token', 'App'])('the writer with %s', (identity) => {
  beforeEach(async () => start(identity));

  it('finds the head of a branch, and undefined where there is no such branch', async () => {
    expect(await fixture.writer.findHead(fixture.slug, 'main', signal)).toBe(first);
    expect(await fixture.writer.findHead(fixture.slug, 'release/1.x', signal)).toBeUndefined();
  });

  it('commits several files at once on top of the expected head, and a clone sees them', async () => {
    const files = [
      { path: 'A b/ü.md', content: bytes('one\n') },
      { path: 'B.bin', content: new Uint8Array([0, 255, 10, 13]) },
      { path: 'README.md', content: undefined },
    ];
    const result = await fixture.writer.commitFiles(changelog({ files, body: 'Why.' }), signal);
    expect(result.kind).toBe('committed');
    expect(show('main', 'A b/ü.md')).toBe('one');
    const { bare } = fixture.github.repository(fixture.slug);
    expect(gitSync(['-C', bare, 'cat-file', '-s', 'main:B.bin'])).toBe('4');
    expect(gitSync(['-C', bare, 'ls-tree', '--name-only', 'main'])).not.toContain('README.md');
    expect(gitSync(['-C', bare, 'log', '-1', '--format=%B', 'main'])).toBe('docs: update changelogs\n\nWhy.');
    expect(gitSync(['-C', bare, 'rev-parse', 'main^'])).toBe(first);
  });

  it('commits nothing when somebody else was faster', async () => {
    const second = fixture.push({ files: { 'README.md': '# More\n' } });
    expect(await fixture.writer.commitFiles(changelog(), signal)).toEqual({ kind: 'moved' });
    expect(await fixture.writer.findHead(fixture.slug, 'main', signal)).toBe(second);
  });

  it.each(['classic', 'ruleset'] as const)('says that a branch is protected (%s) and why', async (how) => {
    fixture.github.protect(fixture.slug, 'main', { how });
    const result = await fixture.writer.commitFiles(changelog(), signal);
    expect(result).toMatchObject({ kind: 'protected', detail: expect.stringContaining('pull request') });
    expect(await fixture.writer.findHead(fixture.slug, 'main', signal)).toBe(first);
  });

  it('says what a branch that is gone refuses', async () => {
    const result = await fixture.writer.commitFiles(changelog({ branch: 'gone' }), signal);
    expect(result).toEqual({ kind: 'refused', detail: 'No ref named "gone" exists' });
  });

  it('makes a branch, leaves it where it is, moves it forward, and elsewhere only by force', async () => {
    const { slug, writer } = fixture;
    await writer.setBranch(slug, 'upm/register', first, false, signal);
    await writer.setBranch(slug, 'upm/register', first, false, signal);
    expect(await writer.findHead(slug, 'upm/register', signal)).toBe(first);
    const second = fixture.push({ files: { a: 'a' } });
    await writer.setBranch(slug, 'upm/register', second, false, signal);
    const back = writer.setBranch(slug, 'upm/register', first, false, signal);
    await expect(back).rejects.toMatchObject({ failure: { reason: 'repository-unavailable' } });
    await fixture.anotherWriter().setBranch(slug, 'upm/register', first, true, signal);
    expect(await writer.findHead(slug, 'upm/register', signal)).toBe(first);
  });

  it('opens one pull request of a branch, brings it up to date, and finds it by its number', async () => {
    const { slug } = fixture;
    fixture.push({ branch: 'upm/register', parent: first, files: { a: 'a' } });
    const request = { slug, base: 'main', head: 'upm/register', title: 'Publish', body: 'One' };
    const opened = await fixture.writer.openPullRequest(request, signal);
    expect(opened).toMatchObject({ number: 1, state: 'open', url: expect.stringMatching(/\/pull\/1$/) });
    const again = await fixture.anotherWriter().openPullRequest({ ...request, body: 'Two' }, signal);
    expect(again.number).toBe(1);
    expect(fixture.github.repository(slug).pulls).toMatchObject([{ body: 'Two', state: 'open' }]);
    fixture.github.merge(slug, 1);
    expect(await fixture.writer.findPullRequest(slug, 1, signal)).toMatchObject({ state: 'merged' });
    expect(await fixture.writer.findPullRequest(slug, 2, signal)).toBeUndefined();
  });

  it('opens one pull request when two ask at once', async () => {
    const { slug } = fixture;
    fixture.push({ branch: 'upm/register', parent: first, files: { a: 'a' } });
    const request = { slug, base: 'main', head: 'upm/register', title: 'Publish', body: '' };
    const both = [fixture.writer, fixture.anotherWriter()];
    const opened = await Promise.all(both.map(async (writer) => writer.openPullRequest(request, signal)));
    expect(opened.map(({ number }) => number)).toEqual([1, 1]);
  });

  it('says why a pull request cannot be opened', async () => {
    fixture.push({ branch: 'upm/register', parent: first });
    const { slug } = fixture;
    await fixture.anotherWriter().setBranch(slug, 'same', first, false, signal);
    const request = { slug, base: 'main', head: 'same', title: 'Publish', body: '' };
    const error = await catchError(fixture.writer.openPullRequest(request, signal));
    expect(error).toBeInstanceOf(PublishError);
    expect(error).toMatchObject({
      failure: { reason: 'repository-unavailable', facts: { detail: expect.stringContaining('No commits') } },
    });
  });

  it('goes on after a rename, and tells a repository that is gone from a branch that is', async () => {
    const { slug, writer } = fixture;
    fixture.github.rename(slug, 'studio/tools');
    expect(await writer.findHead(slug, 'main', signal)).toBe(first);
    expect((await writer.commitFiles(changelog(), signal)).kind).toBe('committed');
    const error = await catchError(writer.findHead('studio/nowhere' as Slug, 'main', signal));
    expect(error).toBeInstanceOf(PublishError);
  });

  it('does not write to an archived repository, and says so', async () => {
    fixture.github.archive(fixture.slug);
    expect(await fixture.writer.commitFiles(changelog(), signal)).toMatchObject({ kind: 'refused' });
  });
});

describe('the App', () => {
  beforeEach(async () => start('App'));

  it('asks for tokens of one repository and no more than a use needs', async () => {
    await fixture.writer.findHead(fixture.slug, 'main', signal);
    await fixture.writer.findHead(fixture.slug, 'main', signal);
    const asked = fixture.github.requests().filter(({ path }) => path.endsWith('/access_tokens'));
    // One that only learns the repository's id, and one that reads.
    expect(asked).toHaveLength(2);
    const [looking, reading] = fixture.issuedTokens();
    expect(looking).toMatchObject({ canRead: false, canWrite: false });
    const { id } = fixture.github.repository(fixture.slug);
    expect(reading).toMatchObject({ repositories: [id], canRead: true, canWrite: false });
    await fixture.writer.commitFiles(changelog(), signal);
    expect(fixture.issuedTokens().at(-1)).toMatchObject({ canWrite: true, canWriteWorkflows: false });
  });

  it('writes workflow files only when it was granted that', async () => {
    const files = [{ path: '.github/workflows/upm.yaml', content: bytes('on: push\n') }];
    expect((await fixture.writer.commitFiles(changelog({ files }), signal)).kind).toBe('committed');
    const [installation] = fixture.github.state.installations;
    if (installation !== undefined) installation.permissions = { contents: 'write', metadata: 'read' };
    const head = await fixture.writer.findHead(fixture.slug, 'main', signal);
    const request = changelog({ files, ...(head === undefined ? {} : { expectedHead: head }) });
    const error = await catchError(fixture.anotherWriter().commitFiles(request, signal));
    expect(error).toMatchObject({ failure: { reason: 'repository-forbidden' } });
  });

  it('gets a new token when the old one is refused', async () => {
    await fixture.writer.findHead(fixture.slug, 'main', signal);
    fixture.github.expireTokens();
    expect(await fixture.writer.findHead(fixture.slug, 'main', signal)).toBe(first);
    expect(fixture.issuedTokens()).toHaveLength(1);
  });

  it('is told apart from one that is not installed there, and from a key that is not its own', async () => {
    fixture.github.state.installations[0]?.hidden.add(fixture.slug);
    const error = await catchError(fixture.writer.findHead(fixture.slug, 'main', signal));
    expect(error).toMatchObject({ failure: { reason: 'repository-forbidden' } });
    const stranger = await startGitHubFixture('App');
    const foreign = fixture.anotherWriter({ apiUrl: stranger.github.apiUrl });
    const refused = await catchError(foreign.findHead(fixture.slug, 'main', signal));
    await stranger.stop();
    expect(refused).toMatchObject({ name: 'Outage', kind: 'credentials' });
    await expect(fixture.credentials.probe(signal)).resolves.toBeUndefined();
  });
});

describe('a personal token', () => {
  it('says itself when it ends, in both forms that GitHub writes', async () => {
    await start('personal token');
    const now = fixture.github.state.now();
    const expiresAt = await fixture.credentials.probe(signal);
    expect((expiresAt ?? 0) - now).toBeGreaterThan(89.9 * 86_400_000);
    const headers = { 'github-authentication-token-expiration': '2027-01-02 10:00:00 -0730' };
    fixture.github.setFault(() => ({ kind: 'status', status: 200, headers, body: {} }));
    expect(await fixture.credentials.probe(signal)).toBe(Date.parse('2027-01-02T17:30:00Z'));
    fixture.github.setFault(() => ({ kind: 'status', status: 200, headers: {}, body: {} }));
    expect(await fixture.credentials.probe(signal)).toBeUndefined();
  });
});

describe('a GitHub that has trouble', () => {
  beforeEach(async () => start('personal token'));
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
  ] as const)('makes %s an outage that says how long', async (_what, fault, outage) => {
    fixture.github.setFault(() => ({ kind: 'status', ...fault }));
    const error = await catchError(fixture.writer.findHead(fixture.slug, 'main', signal));
    expect(error).toBeInstanceOf(Outage);
    expect(error).toMatchObject({ neighbour: 'git-host', ...outage });
    const tried = fixture.github.requests().filter(({ path }) => path.includes('/git/ref/'));
    expect(tried).toHaveLength(1);
  });

  it('names the clock of this machine when a refusal shows that it is wrong', async () => {
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    fixture.github.setFault(() => ({ kind: 'status', status: 401, headers: { date } }));
    const error = await catchError(fixture.writer.findHead(fixture.slug, 'main', signal));
    expect((error as Outage).detail).toBe(
      'the git host’s API refuses our credentials (HTTP 401); ' +
        'the clock of this machine is 60 min ahead of the git host’s: set it (NTP)',
    );
  });

  it('waits an hour at most, and by the clock of who limits', async () => {
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

  it('waits as long as the limit says', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(resetAt) };
    fixture.github.setFault(() => ({ kind: 'status', status: 403, headers }));
    const error = await catchError(fixture.writer.findHead(fixture.slug, 'main', signal));
    expect((error as Outage).retryAfterMs).toBeGreaterThan(200_000);
    expect((error as Outage).retryAfterMs).toBeLessThanOrEqual(301_000);
  });

  it('is an outage also when it resets, does not answer, or is not there', async () => {
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

  it('ends with the caller', async () => {
    fixture.github.setFault(() => ({ kind: 'hang' }));
    const caller = new AbortController();
    const asked = catchError(fixture.writer.findHead(fixture.slug, 'main', caller.signal));
    caller.abort(new Error('stopping'));
    expect(await asked).toMatchObject({ message: 'stopping' });
  });

  it('that lost its answer says afterwards that somebody was faster', async () => {
    fixture.github.setFault(({ path, count }) =>
      path === '/graphql' && count === 1 ? { kind: 'storeThenReset' } : undefined,
    );
    const lost = await catchError(fixture.writer.commitFiles(changelog(), signal));
    expect(lost).toMatchObject({ name: 'Outage' });
    expect(await fixture.anotherWriter().commitFiles(changelog(), signal)).toEqual({ kind: 'moved' });
  });

  it('never sends the token to the host that it redirects to', async () => {
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

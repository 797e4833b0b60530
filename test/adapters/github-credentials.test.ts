import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { catchError, changelog, first, fixture, useGitHub } from './github-writing.ts';

const signal = AbortSignal.timeout(60_000);
const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('the credentials of a GitHub App', () => {
  useGitHub('App');

  it('are tokens of one repository, with no more rights than each use needs', async () => {
    await fixture.writer.findHead(fixture.slug, 'main', signal);
    await fixture.writer.findHead(fixture.slug, 'main', signal);
    const asked = fixture.github.requests().filter(({ path }) => path.endsWith('/access_tokens'));
    // Two tokens: one that only learns the repository's id, and one that reads.
    expect(asked).toHaveLength(2);
    const [looking, reading] = fixture.issuedTokens();
    expect(looking).toMatchObject({ canRead: false, canWrite: false });
    const { id } = fixture.github.repository(fixture.slug);
    expect(reading).toMatchObject({ repositories: [id], canRead: true, canWrite: false });
    await fixture.writer.commitFiles(changelog(), signal);
    expect(fixture.issuedTokens().at(-1)).toMatchObject({ canWrite: true, canWriteWorkflows: false });
  });

  it('allow writing workflow files only when the App has that permission', async () => {
    const files = [{ path: '.github/workflows/upm.yaml', content: bytes('on: push\n') }];
    expect((await fixture.writer.commitFiles(changelog({ files }), signal)).kind).toBe('committed');
    const [installation] = fixture.github.state.installations;
    if (installation !== undefined) installation.permissions = { contents: 'write', metadata: 'read' };
    const head = await fixture.writer.findHead(fixture.slug, 'main', signal);
    const request = changelog({ files, ...(head === undefined ? {} : { expectedHead: head }) });
    const error = await catchError(fixture.anotherWriter().commitFiles(request, signal));
    expect(error).toMatchObject({ failure: { reason: 'repository-forbidden' } });
  });

  it('are replaced by a new token when the old one is refused', async () => {
    await fixture.writer.findHead(fixture.slug, 'main', signal);
    fixture.github.expireTokens();
    expect(await fixture.writer.findHead(fixture.slug, 'main', signal)).toBe(first);
    expect(fixture.issuedTokens()).toHaveLength(1);
  });

  it('fail differently for a missing installation and for a wrong private key', async () => {
    fixture.github.state.installations[0]?.hidden.add(fixture.slug);
    const error = await catchError(fixture.writer.findHead(fixture.slug, 'main', signal));
    expect(error).toMatchObject({ failure: { reason: 'repository-forbidden' } });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const appKey = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    const foreign = fixture.anotherWriter({ appKey });
    const refused = await catchError(foreign.findHead(fixture.slug, 'main', signal));
    expect(refused).toMatchObject({ name: 'Outage', kind: 'credentials' });
    await expect(fixture.credentials.probe(signal)).resolves.toBeUndefined();
  });
});

describe('a personal token', () => {
  useGitHub('personal token');

  it('shows its expiry date, in both forms that GitHub writes', async () => {
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

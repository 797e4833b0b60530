import { createEmulator, type Emulator } from 'emulate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGitHub, type GitHub } from '../../src/adapters/github/github.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import type { CommitSha, Slug } from '../../src/domain/repository/repository.ts';

const signal = AbortSignal.timeout(60_000);
const slug = 'studio/packages' as Slug;
const permissions = { contents: 'write', metadata: 'read', pull_requests: 'write', workflows: 'write' };

/** A GitHub that somebody else implemented, as far as it goes: without GraphQL, so without our commits. */
describe('an independent GitHub emulator', () => {
  let emulator: Emulator;
  let github: GitHub;

  beforeAll(async () => {
    const installation = {
      installation_id: 1,
      account: 'studio',
      repository_selection: 'all' as const,
      permissions,
    };
    const app = { app_id: 12345, slug: 'publisher', name: 'Publisher', permissions, events: [] };
    emulator = await createEmulator({
      service: 'github',
      port: 0,
      seed: {
        github: {
          users: [{ login: 'ada', name: 'Ada', email: 'ada@studio.test' }],
          orgs: [{ login: 'studio', name: 'Studio' }],
          repos: [{ owner: 'studio', name: 'packages', auto_init: true, private: true }],
          apps: [{ ...app, installations: [installation] }],
        },
      },
    });
    const key = emulator.generatedSecrets.find(({ kind }) => kind === 'github.app_private_key')?.value ?? '';
    github = buildGitHub({
      apiUrl: emulator.url,
      appId: '12345',
      appKey: () => key,
      token: () => undefined,
      pacesWrites: false,
      clock: systemClock,
    });
  });
  afterAll(async () => {
    await emulator?.close();
  });

  async function putFile(branch: string): Promise<void> {
    const token = await github.credentials.tokenFor(slug, 'write', signal);
    const body = { message: 'Change', branch, content: Buffer.from('x\n').toString('base64') };
    const answer = await fetch(`${emulator.url}/repos/${slug}/contents/Change.md`, {
      method: 'PUT',
      headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(201);
  }

  it('accepts the App’s key and issues tokens of one repository', async () => {
    await expect(github.credentials.probe(signal)).resolves.toBeUndefined();
    expect(await github.credentials.tokenFor(slug, 'read', signal)).toMatch(/^ghs_/);
    const nowhere = github.credentials.tokenFor('studio/nowhere' as Slug, 'read', signal);
    await expect(nowhere).rejects.toMatchObject({ failure: { reason: 'repository-forbidden' } });
  });

  it('describes a repository, its files and its branches', async () => {
    const { directory, repositoryWriter: writer } = github;
    expect(await directory.find(slug, signal)).toMatchObject({
      slug,
      defaultBranch: 'main',
      isArchived: false,
    });
    expect(await directory.find('studio/nowhere' as Slug, signal)).toBeUndefined();
    expect(await directory.readFile(slug, 'main', 'README.md', signal)).toContain('packages');
    expect(await directory.readFile(slug, 'main', 'nothing.md', signal)).toBeUndefined();
    expect(await writer.findHead(slug, 'main', signal)).toMatch(/^[0-9a-f]{40}$/);
    expect(await writer.findHead(slug, 'gone', signal)).toBeUndefined();
  });

  it('opens one pull request for a branch, and merges it', async () => {
    const { merger, repositoryWriter: writer } = github;
    const head = (await writer.findHead(slug, 'main', signal)) as CommitSha;
    await writer.setBranch(slug, 'upm/register', head, false, signal);
    await putFile('upm/register');
    const request = { slug, base: 'main', head: 'upm/register', title: 'Publish', body: 'One' };
    const first = await writer.openPullRequest(request, signal);
    const second = await writer.openPullRequest({ ...request, body: 'Two' }, signal);
    expect([first.state, second.number]).toEqual(['open', first.number]);
    const tip = (await writer.findHead(slug, 'upm/register', signal)) as CommitSha;
    expect(await merger.merge(slug, first.number, tip, signal)).toEqual({ kind: 'merged' });
    expect(await writer.findPullRequest(slug, first.number, signal)).toMatchObject({ state: 'merged' });
    expect(await writer.findPullRequest(slug, 4711, signal)).toBeUndefined();
  });
});

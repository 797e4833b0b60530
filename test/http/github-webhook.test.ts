import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewDelivery } from '../../src/ports/github.ts';
import { type Running, secret, sign, start } from './harness.ts';

interface Example {
  readonly name: string;
  readonly examples: readonly Readonly<Record<string, unknown>>[];
}
/** GitHub's own example payloads. */
const published = JSON.parse(
  readFileSync(fileURLToPath(import.meta.resolve('@octokit/webhooks-examples')), 'utf8'),
) as readonly Example[];
const examples = published.flatMap(({ name, examples: of }) => of.map((body) => ({ name, body })));

const commit = '0123456789abcdef0123456789abcdef01234567';
const repository = { id: 7, full_name: 'studio/tools', default_branch: 'main' };

let running: Running;
let received: NewDelivery[];
let answer: 'stored' | 'known' | Error;

beforeEach(async () => {
  received = [];
  answer = 'stored';
  running = await start({
    trustProxy: ['127.0.0.1'],
    webhooks: {
      secrets: () => ['another-secret-while-rotating', secret],
      receive: async (delivery) => {
        received.push(delivery);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
  });
});
afterEach(async () => {
  await running.close();
});

async function post(
  name: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(`${running.url}/webhooks/github`, {
    method: 'POST',
    body: text,
    headers: {
      'content-type': 'application/json',
      'x-github-event': name,
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': sign(text),
      ...headers,
    },
  });
}

async function parse(name: string, body: unknown): Promise<NewDelivery['event'] | undefined> {
  expect((await post(name, body)).status).toBe(202);
  return received.at(-1)?.event;
}

describe('POST /webhooks/github', () => {
  it('accepts every example that GitHub publishes, and none of them with a wrong signature', async () => {
    expect(examples.length).toBeGreaterThan(250);
    const statuses = new Map<number, number>();
    const count = (status: number): void => void statuses.set(status, (statuses.get(status) ?? 0) + 1);
    for (const { name, body } of examples) count((await post(name, body)).status);
    expect([...statuses]).toEqual([[202, examples.length]]);
    expect(received).toHaveLength(examples.length);
    statuses.clear();
    for (const [index, { name, body }] of examples.entries()) {
      // Each comes from its own address, because wrong signatures soon get an address refused unread.
      const headers = {
        'x-forwarded-for': `192.0.2.${index % 256}`,
        'x-hub-signature-256': sign(JSON.stringify(body), 'not-the-secret-of-this-test'),
      };
      count((await post(name, body, headers)).status);
    }
    expect([...statuses]).toEqual([[401, examples.length]]);
    expect(received).toHaveLength(examples.length);
  });

  it.each([
    ['push', 'push', 7],
    ['repository_dispatch', 'repository-dispatch', 2],
    ['pull_request', 'pull-request', 29],
    ['workflow_run', 'workflow-run', 5],
    ['repository', 'repository', 13],
    ['installation', 'installation', 7],
    ['ping', 'other', 4],
  ])('reads every published %s', async (name, kind, times) => {
    const own = examples.filter((example) => example.name === name);
    expect(own).toHaveLength(times);
    const kinds = new Set<string | undefined>();
    for (const { body } of own) kinds.add((await parse(name, body))?.kind);
    expect([...kinds]).toEqual([kind]);
  });

  it('reports a delivery that it knows already, and stores nothing when the database cannot', async () => {
    answer = 'known';
    expect(await (await post('ping', {})).json()).toMatchObject({ duplicate: true });
    answer = new Error('disk full');
    const failed = await post('ping', {});
    expect(failed.status).toBe(503);
    expect(failed.headers.get('retry-after')).toBe('5');
  });

  it('refuses a request without a name, an id or JSON', async () => {
    const bad = [
      await post('ping', '{}', { 'x-github-delivery': '' }),
      await post('ping', '{}', { 'x-github-delivery': "1'; drop" }),
      await post('Ping!', '{}'),
      await post('push', '{'),
    ];
    expect(bad.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(received).toEqual([]);
  });

  it('refuses everything while no secret is set', async () => {
    const closed = await start();
    const body = '{}';
    const refused = await fetch(`${closed.url}/webhooks/github`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(body) },
    });
    await closed.close();
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('GITHUB_WEBHOOK_SECRET') });
  });

  it('accepts a push of 2,048 commits, which is larger than a dispatch may be, and keeps only what is used', async () => {
    const commits = Array.from({ length: 2048 }, (_, index) => ({
      id: index.toString(16).padStart(40, '0'),
      message: 'x'.repeat(2_000),
      added: ['a'.repeat(200)],
    }));
    const body = { repository, ref: 'refs/heads/main', after: commit, commits, head_commit: commits[0] };
    expect(JSON.stringify(body).length).toBeGreaterThan(4_000_000);
    expect(await parse('push', body)).toMatchObject({ kind: 'push', after: commit });
    expect(JSON.stringify(received[0]).length).toBeLessThan(5_000);
  });
});

describe('a webhook', () => {
  it('of a deleted branch has no commit', async () => {
    const body = { repository, ref: 'refs/heads/x', after: '0'.repeat(40), deleted: true, head_commit: null };
    expect(await parse('push', body)).toMatchObject({ kind: 'push', after: undefined });
  });

  it('of a push says where its branch stood before, unless the branch is new', async () => {
    const body = { repository, ref: 'refs/heads/x', before: 'F'.repeat(40), after: commit };
    expect(await parse('push', body)).toMatchObject({ before: 'f'.repeat(40), after: commit });
    for (const before of ['0'.repeat(40), 'HEAD', 7, undefined]) {
      expect(await parse('push', { ...body, before })).toMatchObject({ before: undefined, after: commit });
    }
  });

  it('of a repository_dispatch is read like a dispatch', async () => {
    const client = { repository: 'studio/tools', commit_sha: commit.toUpperCase(), package_path: './A/' };
    const body = { repository, action: 'package_publish', client_payload: client };
    expect(await parse('repository_dispatch', body)).toMatchObject({
      dispatch: { repository: 'studio/tools', commit, packagePath: 'A' },
    });
    const bad = { ...body, client_payload: { ...client, commit_sha: '$(reboot)' } };
    expect(await parse('repository_dispatch', bad)).toMatchObject({ dispatch: undefined });
  });

  it.each([
    [
      'a repository that is none',
      'push',
      { repository: { id: 7, full_name: '../../etc' }, ref: 'x', after: commit },
    ],
    ['numbers for words', 'push', { repository, ref: 7, after: commit }],
    ['a list', 'push', []],
    ['nothing', 'push', null],
    ['an event of tomorrow', 'merge_group', { action: 'x' }],
  ])('with %s is kept without any effect', async (_what, name, body) => {
    expect(await parse(name, body)).toEqual({ kind: 'other' });
  });

  it('with hostile text keeps it as text, shortened', async () => {
    const message = '$(reboot) @everyone \ud800'.padEnd(10_000, 'x');
    const head = { message, author: { name: '`id`' } };
    const body = { repository, ref: 'refs/heads/main', after: commit, head_commit: head };
    const event = await parse('push', body);
    expect(event).toMatchObject({ author: '`id`', message: expect.stringContaining('$(reboot) @everyone') });
    expect(event?.kind === 'push' && event.message.length).toBe(4096);
    expect(event?.kind === 'push' && event.message.isWellFormed()).toBe(true);
  });
});

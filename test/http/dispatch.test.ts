import { describe, expect, it } from 'vitest';
import { boot, commit, payload, secret, sign } from './harness.ts';
import { problemOf } from './problem-of.ts';

describe('POST /dispatch, accepted', () => {
  it('answers 202 with the address of the report, and passes the payload on in our words', async () => {
    const app = await boot();
    const body = JSON.stringify({
      ...payload,
      commit_message: 'Add a tool',
      commit_author: 'Ada',
      branch: 'main',
      package_path: './Packages/Tool/package.json',
      something_else: 1,
    });
    const response = await app.post(body);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({
      id: 'dispatch-1',
      job: 7,
      status: 'queued',
      duplicate: false,
      url: '/dispatches/dispatch-1',
    });
    expect(app.accepted).toEqual([
      {
        repository: 'studio/tools',
        commit,
        packagePath: 'Packages/Tool',
        branch: 'main',
        commitMessage: 'Add a tool',
        commitAuthor: 'Ada',
        requestedBy: 'event',
      },
    ]);
  });

  it('accepts the event around the payload, with null for what is unknown', async () => {
    const app = await boot();
    const event = {
      event_type: 'package_publish',
      client_payload: { ...payload, commit_sha: commit.toUpperCase(), branch: null },
    };
    expect((await app.post(JSON.stringify(event))).status).toBe(202);
    expect(app.accepted).toMatchObject([{ commit, packagePath: '', branch: undefined }]);
  });

  it('reports a duplicate when the queue does', async () => {
    const app = await boot({
      acceptDispatch: async () => ({
        kind: 'accepted',
        acceptance: { id: 'first', job: 3, status: 'running', duplicate: true },
      }),
    });
    const response = await app.post(JSON.stringify(payload));
    expect(await response.json()).toMatchObject({ id: 'first', job: 3, status: 'running', duplicate: true });
    expect(await (await fetch(`${app.url}/metrics`)).text()).toContain(
      'upm_dispatches_total{result="duplicate"} 1',
    );
  });

  it('checks the signature over the bytes as they came, odd white space and escapes included', async () => {
    const app = await boot();
    const body = `\n{ "repository"\t: "studio\\u002ftools",\r\n  "commit_sha":"${commit}", "commit_message": "\\ud83d\\ude00 ü" }  `;
    expect((await app.post(body)).status).toBe(202);
    expect(app.accepted).toMatchObject([{ repository: 'studio/tools', commitMessage: '😀 ü' }]);
    const compact = JSON.stringify(JSON.parse(body));
    expect((await app.post(body, { signature: sign(compact) })).status).toBe(401);
  });

  it('accepts every secret while they rotate, and forgets a removed one', async () => {
    let secrets = ['the-old-one', 'the-new-one'];
    const app = await boot({ dispatchSecrets: () => secrets });
    const body = JSON.stringify(payload);
    expect((await app.post(body, { signature: sign(body, 'the-old-one') })).status).toBe(202);
    expect((await app.post(body, { signature: sign(body, 'the-new-one') })).status).toBe(202);
    secrets = ['the-new-one'];
    expect((await app.post(body, { signature: sign(body, 'the-old-one') })).status).toBe(401);
  });

  it('cuts a very long commit message instead of refusing to publish', async () => {
    const app = await boot();
    expect((await app.post(JSON.stringify({ ...payload, commit_message: 'x'.repeat(100_000) }))).status).toBe(
      202,
    );
    expect(app.accepted[0]?.commitMessage).toHaveLength(64 * 1024);
  });

  it('answers 200 dispatches that come at once', async () => {
    const app = await boot();
    const body = JSON.stringify(payload);
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async () => (await app.post(body)).status),
    );
    expect(statuses).toEqual(Array.from({ length: 200 }, () => 202));
    expect(app.accepted).toHaveLength(200);
  });
});

describe('POST /dispatch, refused', () => {
  it('lists every problem of the payload with its path', async () => {
    const app = await boot();
    const response = await app.post(
      JSON.stringify({
        event_type: 'package_publish',
        client_payload: { repository: 'no-slash', commit_sha: 'abc', branch: 5, package_path: '../../etc' },
      }),
    );
    expect(response.status).toBe(400);
    const problem = await problemOf(response);
    expect(problem.code).toBe('invalid-payload');
    expect(problem.problems?.map(({ path }) => path)).toEqual([
      'client_payload.repository',
      'client_payload.commit_sha',
      'client_payload.branch',
      'client_payload.package_path',
    ]);
    expect(problem.problems?.[3]?.message).toMatch(
      /leaves the repository\. Give a path inside the repository/,
    );
  });

  it.each([
    ['half a document', '{"repository":'],
    ['nothing', ''],
    ['null', 'null'],
    ['an array', '[]'],
    ['a text', '"studio/tools"'],
    ['an empty object', '{}'],
    ['another event', JSON.stringify({ event_type: 'deploy', client_payload: payload })],
    ['an event without payload', JSON.stringify({ event_type: 'package_publish' })],
    ['a payload without event', JSON.stringify({ client_payload: payload })],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
    ['very deep JSON', '['.repeat(120_000) + ']'.repeat(120_000)],
  ])('answers 400 to %s', async (_what, body) => {
    const app = await boot();
    const response = await app.post(body);
    expect(response.status).toBe(400);
    const problem = await problemOf(response);
    expect(problem.code).toBe('invalid-payload');
    expect(problem.problems?.length).toBeGreaterThan(0);
    expect(app.accepted).toEqual([]);
  });

  it('answers 202 when an unknown property is nested very deeply', async () => {
    const app = await boot();
    const deep = `{"repository":"studio/tools","commit_sha":"${commit}","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect((await app.post(deep)).status).toBe(202);
  });

  it('answers 413 to a body of 2 MB, with or without a length', async () => {
    const app = await boot();
    const large = Buffer.alloc(2 * 1024 * 1024, 'x');
    const response = await app.post(large);
    expect(response.status).toBe(413);
    expect((await problemOf(response)).code).toBe('payload-too-large');
    expect((await app.post(JSON.stringify(payload))).status).toBe(202);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/octet-stream'])(
    'answers 415 to %s',
    async (type) => {
      const app = await boot();
      const response = await app.post(JSON.stringify(payload), { headers: { 'content-type': type } });
      expect(response.status).toBe(415);
      expect((await problemOf(response)).code).toBe('unsupported-media-type');
    },
  );

  it.each([
    ['repository-not-allowed', 403],
    ['repository-not-registered', 404],
    ['repository-disabled', 409],
  ] as const)('answers %s with %i, and counts it', async (code, status) => {
    const app = await boot({ acceptDispatch: async () => ({ kind: 'refused', code, detail: 'Because.' }) });
    const response = await app.post(JSON.stringify(payload));
    expect(response.status).toBe(status);
    expect(await problemOf(response)).toMatchObject({ code, status, detail: 'Because.' });
    expect(await (await fetch(`${app.url}/metrics`)).text()).toContain(
      `upm_dispatches_total{result="${code}"} 1`,
    );
  });

  it('answers 503 and never 202 when nothing could be stored', async () => {
    const app = await boot({
      acceptDispatch: async () => {
        throw new Error('disk I/O error at /var/lib/data');
      },
    });
    const response = await app.post(JSON.stringify(payload));
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    const text = await response.text();
    expect(text).toContain('"store-unavailable"');
    expect(text).not.toMatch(/disk|stack|\/var/);
    expect(app.log.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('answers an internal error with an incident id that is in the log once', async () => {
    const app = await boot({
      dispatchSecrets: () => {
        throw new TypeError(`boom ${secret}`);
      },
    });
    const response = await app.post(JSON.stringify(payload));
    expect(response.status).toBe(500);
    const problem = await problemOf(response);
    expect(problem.code).toBe('internal-error');
    expect(JSON.stringify(problem)).not.toContain('boom');
    const incident = /ref ([0-9a-f]+)/.exec(problem.detail)?.[1];
    expect(app.log.filter(({ fields }) => JSON.stringify(fields).includes(`"${incident}"`))).toHaveLength(1);
  });

  it('never repeats the body or a secret, in an answer or in the log', async () => {
    const marker = 'MARKER-5f1c';
    const app = await boot({
      acceptDispatch: async () => ({
        kind: 'refused',
        code: 'repository-disabled',
        detail: `leaks ${secret}`,
      }),
    });
    const bodies = [
      `{"${marker}`,
      JSON.stringify({
        repository: marker,
        commit_sha: marker,
        package_path: `../${marker}`,
        branch: { marker },
      }),
      JSON.stringify({ event_type: marker, client_payload: marker }),
      JSON.stringify({ ...payload, commit_message: marker }),
      marker.repeat(40_000),
    ];
    const texts: string[] = [];
    for (const body of bodies) {
      texts.push(await (await app.post(body)).text());
      texts.push(await (await app.post(body, { signature: `sha256=${marker}` })).text());
    }
    expect(texts.filter((text) => text.includes(marker) || text.includes(secret))).toEqual([]);
    expect(texts.filter((text) => /node_modules|\.ts:/.test(text))).toEqual([]);
    expect(JSON.stringify(app.log)).not.toContain(marker);
  });
});

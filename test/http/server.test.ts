import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { routes } from '../../src/http/routes/index.ts';
import { buildServer } from '../../src/http/server.ts';
import { allOk, payload, type Running, secret, sign, start } from './harness.ts';

let running: Running | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
});

async function boot(...args: Parameters<typeof start>): Promise<Running> {
  running = await start(...args);
  return running;
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return socket;
}

/** What the server says until it closes the connection. */
async function converse(port: number, request: string): Promise<string> {
  const socket = await open(port);
  socket.write(request);
  return text(socket);
}

function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

const head = (contentLength: number, signature = ''): string =>
  [
    'POST /dispatch HTTP/1.1',
    'host: localhost',
    'content-type: application/json',
    `x-hub-signature-256: ${signature}`,
    `content-length: ${contentLength}`,
    '\r\n',
  ].join('\r\n');

describe('slow and broken clients', () => {
  it('cuts a body that does not arrive in time, and answers others meanwhile', async () => {
    const app = await boot({ requestTimeoutMs: 300 });
    const startedAt = performance.now();
    const slow = converse(app.port, `${head(100)}{"repository":`);
    expect((await app.post(JSON.stringify(payload))).status).toBe(202);
    const answer = await slow;
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"request-timeout"');
    expect(answer).not.toContain('repository');
  });

  it('cuts headers that do not arrive in time', async () => {
    const app = await boot({ requestTimeoutMs: 300 });
    expect(await converse(app.port, 'GET /healthz HTTP/1.1\r\nhost: x\r\n')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('answers what is no HTTP with a problem that does not repeat it', async () => {
    const app = await boot();
    const answer = await converse(app.port, 'MARKER nonsense\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('application/problem+json');
    expect(answer).not.toContain('MARKER');
  });

  it('answers 431 to headers that are too large', async () => {
    const app = await boot();
    const answer = await converse(
      app.port,
      `GET /healthz HTTP/1.1\r\nx-large: ${'x'.repeat(100_000)}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('answers 413 to a body that grows without saying how long it is', async () => {
    const app = await boot();
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const lines = head(0).replace('content-length: 0', 'transfer-encoding: chunked\r\nconnection: close');
    const answer = await converse(app.port, `${lines}${chunk.repeat(8)}0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"payload-too-large"');
  });

  it('survives clients that hang up in the middle of a body', async () => {
    const app = await boot();
    for (let index = 0; index < 20; index++) {
      const socket = await open(app.port);
      socket.write(`${head(1000)}{`);
      socket.destroy();
    }
    expect((await app.post(JSON.stringify(payload))).status).toBe(202);
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('addresses', () => {
  it('answers 404 to an unknown one without repeating it', async () => {
    const app = await boot();
    for (const path of ['/MARKER', '/dispatch/MARKER', '/%zzMARKER']) {
      const response = await fetch(`${app.url}${path}`);
      expect([400, 404]).toContain(response.status);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(await response.text()).not.toContain('MARKER');
    }
    expect(JSON.stringify(app.log)).not.toContain('MARKER');
  });

  it('answers 405 with what is allowed', async () => {
    const app = await boot();
    const response = await fetch(`${app.url}/dispatch`);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await response.json()).toMatchObject({ code: 'method-not-allowed' });
  });
});

describe('GET /dispatches/<id>', () => {
  const report = {
    id: 'abc',
    repository: 'studio/tools',
    commit: payload.commit_sha,
    packagePath: '',
    jobs: [
      {
        job: 7,
        status: 'partially-failed' as const,
        waitingFor: null,
        attempts: 1,
        createdAt: 0,
        finishedAt: 1_500,
        failure: { reason: 'timed-out' as const, title: 'T', remedy: 'R', retry: 'automatic' as const },
        stages: [
          { stage: 'pack', package: 'com.studio.tool', attempt: 1, startedAt: 1_000, durationMs: 20 },
          { stage: 'locate', package: undefined, attempt: 1, startedAt: 500, durationMs: undefined },
        ],
        packages: [
          {
            name: 'com.studio.tool',
            version: '1.1.0',
            previousVersion: '1.0.0',
            path: 'Packages/Tool',
            outcome: 'failed' as const,
            reason: 'preflight-rejected',
            title: 'Title',
            remedy: `the token is ${secret}`,
            distTag: null,
            integrity: null,
            tarballBytes: null,
            findings: [{ rule: 'meta', severity: 'block' as const, message: 'No meta' }],
            changelog: null,
            wordedByModel: false,
            additions: [],
            warnings: ['careful'],
          },
        ],
      },
    ],
  };

  it('shows the report with ISO times, null for what is absent, and no secret', async () => {
    const app = await boot({ findReport: async (id) => (id === 'abc' ? report : undefined) });
    const response = await fetch(`${app.url}/dispatches/abc`);
    expect(response.status).toBe(200);
    const [job] = report.jobs;
    expect(await response.json()).toEqual({
      ...report,
      jobs: [
        {
          ...job,
          createdAt: '1970-01-01T00:00:00.000Z',
          finishedAt: '1970-01-01T00:00:01.500Z',
          failure: { reason: 'timed-out', title: 'T', remedy: 'R' },
          stages: [
            {
              stage: 'pack',
              package: 'com.studio.tool',
              attempt: 1,
              startedAt: '1970-01-01T00:00:01.000Z',
              durationMs: 20,
            },
            {
              stage: 'locate',
              package: null,
              attempt: 1,
              startedAt: '1970-01-01T00:00:00.500Z',
              durationMs: null,
            },
          ],
          packages: [{ ...job?.packages[0], remedy: 'the token is «redacted»' }],
        },
      ],
    });
  });

  it('answers 404 to an unknown id, and does not ask the store for what cannot be one', async () => {
    const asked: string[] = [];
    const app = await boot({
      findReport: async (id) => {
        asked.push(id);
        return undefined;
      },
    });
    for (const id of ['unknown', '..%2f..', "'%20or%201", 'x'.repeat(65)]) {
      const response = await fetch(`${app.url}/dispatches/${id}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 'dispatch-not-found' });
    }
    expect(asked).toEqual(['unknown']);
  });

  it('answers 503 while the store cannot be read', async () => {
    const app = await boot({ findReport: async () => Promise.reject(new Error('locked')) });
    const response = await fetch(`${app.url}/dispatches/abc`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'store-unavailable' });
  });
});

describe('health', () => {
  const down = { state: 'down', since: '2026-01-01T00:00:00.000Z', why: 'connection refused' } as const;

  it('is alive', async () => {
    const app = await boot();
    const response = await fetch(`${app.url}/healthz`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('is ready while neighbours are down, and says which', async () => {
    const readiness = { ...allOk, registry: down, github: down, discord: down, gemini: down, queue: down };
    const app = await boot({ readiness: async () => readiness });
    const response = await fetch(`${app.url}/readyz`);
    expect([response.status, await response.json()]).toEqual([200, readiness]);
  });

  it('is not ready when nothing can be stored', async () => {
    const app = await boot({ readiness: async () => ({ ...allOk, store: down }) });
    const response = await fetch(`${app.url}/readyz`);
    expect([response.status, await response.json()]).toEqual([503, { ...allOk, store: down }]);
  });
});

describe('metrics', () => {
  it('tells the depth of the queue, and times requests by route and not by path', async () => {
    const app = await boot();
    await fetch(`${app.url}/dispatches/some-id`);
    await fetch(`${app.url}/no/such/path`);
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    expect(metrics).toContain('upm_jobs{state="queued"} 3');
    expect(metrics).toContain('upm_jobs{state="parked"} 1');
    expect(metrics).toContain(
      'http_request_duration_seconds_count{method="GET",route="/dispatches/:id",status="404"} 1',
    );
    for (const name of [
      'process_resident_memory_bytes',
      'nodejs_heap_size_used_bytes',
      'nodejs_external_memory_bytes',
      'nodejs_eventloop_lag_p99_seconds',
    ]) {
      expect(metrics).toMatch(new RegExp(`^${name} [0-9]`, 'm'));
    }
    expect(metrics).not.toMatch(/some-id|such/);
  });

  it('goes on without the depth while the store cannot be read', async () => {
    const app = await boot({ depth: async () => Promise.reject(new Error('locked')) });
    const response = await fetch(`${app.url}/metrics`);
    expect(response.status).toBe(200);
    expect(await response.text()).not.toContain('upm_jobs{');
  });
});

describe('listening', () => {
  it('shares its port with nobody, although it listens on it several times', async () => {
    const app = await boot();
    const second = start({}, app.port);
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
  });

  it('takes several connections in one turn of the loop, so that a queue of them is short', async () => {
    const app = await boot();
    const many = 100;
    const answers = Array.from({ length: many }, async () =>
      converse(app.port, 'GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'),
    );
    let turns = 0;
    const turn = (): void => {
      turns += 1;
      timer = setImmediate(turn);
    };
    let timer = setImmediate(turn);
    await Promise.all(answers);
    clearImmediate(timer);
    expect(turns).toBeLessThan(many / 2);
  });
});

interface Document {
  readonly paths: Record<
    string,
    Record<string, { readonly responses: Record<string, { readonly content: object }> }>
  >;
}

describe('the description of the routes', () => {
  it('names every route of the list, and the errors of a dispatch with their media type', async () => {
    const app = await boot();
    const { paths } = (await (await fetch(`${app.url}/openapi.json`)).json()) as Document;
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const listed = routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(described.toSorted()).toEqual(listed.toSorted());
    const responses = paths['/dispatch']?.['post']?.responses ?? {};
    expect(Object.keys(responses)).toEqual([
      '202',
      '400',
      '401',
      '403',
      '404',
      '409',
      '413',
      '415',
      '429',
      '500',
      '503',
    ]);
    expect(Object.keys(responses['401']?.content ?? {})).toEqual(['application/problem+json']);
    expect(Object.keys(responses['202']?.content ?? {})).toEqual(['application/json']);
    expect(JSON.stringify(paths['/dispatch'])).toContain('commit_sha');
  });

  it('has a page at /docs that works over plain http', async () => {
    const app = await boot();
    const response = await fetch(`${app.url}/docs`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('swagger-ui');
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(response.headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
  });
});

describe('closing', () => {
  it('answers the request in flight, tells its keep-alive client to go, and takes no new connection', async () => {
    const entered = gate();
    const release = gate();
    const app = await boot({
      acceptDispatch: async () => {
        entered.open();
        await release.opened;
        return { kind: 'accepted', acceptance: { id: 'a', job: 1, status: 'queued', duplicate: false } };
      },
    });
    const body = JSON.stringify(payload);
    const answer = converse(app.port, `${head(body.length, sign(body))}${body}`);
    await entered.opened;
    const startedAt = performance.now();
    const closed = app.close();
    await expect(open(app.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    release.open();
    expect(await answer).toMatch(/^HTTP\/1\.1 202 .*connection: close/is);
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(2000);
    running = undefined;
  });

  it('does not wait for clients that stay connected and say nothing', async () => {
    const app = await boot();
    const agent = new Agent({ keepAlive: true });
    await new Promise<void>((resolve, reject) => {
      get(`${app.url}/healthz`, { agent }, (response) => response.resume().on('end', resolve)).on(
        'error',
        reject,
      );
    });
    const silent = await open(app.port);
    silent.on('error', () => {});
    const startedAt = performance.now();
    await app.close();
    expect(performance.now() - startedAt).toBeLessThan(1000);
    agent.destroy();
    silent.destroy();
    running = undefined;
  });

  it('does not wait long for half a request', async () => {
    const app = await boot();
    const socket = await open(app.port);
    const ended = text(socket);
    socket.write(`${head(100)}{`);
    // Another answer proves that the server has had time to read the half.
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
    const startedAt = performance.now();
    await app.close();
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await ended.catch(() => '');
    running = undefined;
  });

  it('can be closed without ever having listened', async () => {
    const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    const server = await buildServer({
      acceptDispatch: async () => ({ kind: 'refused', code: 'repository-disabled', detail: '' }),
      findReport: async () => undefined,
      readiness: async () => allOk,
      depth: async () => ({ queued: 0, running: 0, parked: 0 }),
      dispatchSecrets: () => [],
      trustProxy: false,
      logger,
      redact: (line) => line,
    });
    await expect(server.close()).resolves.toBeUndefined();
  });
});

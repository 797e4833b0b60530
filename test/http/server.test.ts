import { describe, expect, it } from 'vitest';
import { routes } from '../../src/http/routes/index.ts';
import { allOk, boot, payload, secret } from './harness.ts';

describe('unknown addresses and methods', () => {
  it('are answered with 404 for the address, without repeating it', async () => {
    const app = await boot();
    for (const path of ['/MARKER', '/dispatch/MARKER', '/%zzMARKER']) {
      const response = await fetch(`${app.url}${path}`);
      expect([400, 404]).toContain(response.status);
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(await response.text()).not.toContain('MARKER');
    }
    expect(JSON.stringify(app.log)).not.toContain('MARKER');
  });

  it('are answered with 405 for the method, with what is allowed', async () => {
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

  it('answers 404 to an unknown id, and does not ask the store for an impossible one', async () => {
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

describe('the health of the process', () => {
  const down = { state: 'down', since: '2026-01-01T00:00:00.000Z', why: 'connection refused' } as const;

  it('is good as long as it answers', async () => {
    const app = await boot();
    const response = await fetch(`${app.url}/healthz`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('includes readiness while neighbours are down, and says which', async () => {
    const readiness = { ...allOk, registry: down, github: down, discord: down, gemini: down, queue: down };
    const app = await boot({ readiness: async () => readiness });
    const response = await fetch(`${app.url}/readyz`);
    expect([response.status, await response.json()]).toEqual([200, readiness]);
  });

  it('excludes readiness when nothing can be stored', async () => {
    const app = await boot({ readiness: async () => ({ ...allOk, store: down }) });
    const response = await fetch(`${app.url}/readyz`);
    expect([response.status, await response.json()]).toEqual([503, { ...allOk, store: down }]);
  });
});

describe('the metrics', () => {
  it('show the depth of the queue, and time requests by route and not by path', async () => {
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

  it('are answered without the depth while the store cannot be read', async () => {
    const app = await boot({ depth: async () => Promise.reject(new Error('locked')) });
    const response = await fetch(`${app.url}/metrics`);
    expect(response.status).toBe(200);
    expect(await response.text()).not.toContain('upm_jobs{');
  });
});

interface Document {
  readonly paths: Record<
    string,
    Record<string, { readonly responses: Record<string, { readonly content: object }> }>
  >;
}

describe('the description of the routes', () => {
  it('names every route, and the errors of a dispatch with their media type', async () => {
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

import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { boot, payload, type Running, secret, sign } from './harness.ts';
import { converse, openSocket } from './raw-client.ts';

const body = JSON.stringify(payload);

describe('many connections', () => {
  const quick = `GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`;
  // All of 127.0.0.0/8 is this machine, but only from 127.0.0.1 would a proxy on it connect.
  const elsewhere = '127.0.0.9';

  it('from one address are closed beyond its share, and others are still served', async () => {
    const app = await boot({ connectionLimits: { total: 100, perAddress: 3 } });
    const held = [
      await openSocket(app.port, elsewhere),
      await openSocket(app.port, elsewhere),
      await openSocket(app.port, elsewhere),
    ];
    expect(await converse(app.port, quick, elsewhere).catch(() => '')).toBe('');
    expect(await converse(app.port, quick, '127.0.0.10')).toMatch(/^HTTP\/1\.1 200 /);
    expect(await converse(app.port, quick)).toMatch(/^HTTP\/1\.1 200 /);
    held[0]?.destroy();
    await expect
      .poll(async () => converse(app.port, quick, elsewhere).catch(() => ''))
      .toMatch(/^HTTP\/1\.1 200 /);
  });

  it('from a proxy are not counted as one address', async () => {
    const app = await boot({
      connectionLimits: { total: 100, perAddress: 1 },
      trustProxy: [elsewhere],
    });
    await openSocket(app.port, elsewhere);
    expect(await converse(app.port, quick, elsewhere)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('in total are limited, and accepted again as soon as one is closed', async () => {
    const app = await boot({ connectionLimits: { total: 2, perAddress: 100 } });
    const held = [await openSocket(app.port), await openSocket(app.port)];
    expect(await converse(app.port, quick).catch(() => '')).toBe('');
    held[0]?.destroy();
    await expect.poll(async () => converse(app.port, quick).catch(() => '')).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('from few addresses give way when all places are taken: the oldest of the address with most of them is closed', async () => {
    const app = await boot({ connectionLimits: { total: 6, perAddress: 5 } });
    const few = await openSocket(app.port, '127.0.0.10');
    const crowd: Socket[] = [];
    for (let index = 0; index < 5; index++) crowd.push(await openSocket(app.port, elsewhere));
    const newcomer = await openSocket(app.port, '127.0.0.11');
    await expect
      .poll(() => crowd.map(({ destroyed }) => destroyed))
      .toEqual([true, false, false, false, false]);
    await openSocket(app.port);
    await expect
      .poll(() => crowd.map(({ destroyed }) => destroyed))
      .toEqual([true, true, false, false, false]);
    expect(few.destroyed).toBe(false);
    expect(await converse(app.port, quick, elsewhere).catch(() => '')).toBe('');
    newcomer.write(quick);
    expect(await text(newcomer)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('from many addresses with one each push nobody out', async () => {
    const app = await boot({ connectionLimits: { total: 3, perAddress: 5 } });
    const held = [];
    for (const last of [20, 21, 22]) held.push(await openSocket(app.port, `127.0.0.${last}`));
    expect(await converse(app.port, quick, '127.0.0.23').catch(() => '')).toBe('');
    expect(held.map(({ destroyed }) => destroyed)).toEqual([false, false, false]);
  });

  it('that trickle keep nobody out: dispatches are accepted while every one of them stays open', async () => {
    const app = await boot();
    const slow = await Promise.all(Array.from({ length: 500 }, async () => openSocket(app.port)));
    const trickle = (text: string): void => {
      for (const [index, socket] of slow.entries()) if (index % 2 === 0) socket.write(text);
    };
    trickle(
      'POST /dispatch HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n',
    );
    for (let index = 0; index < 20; index++) {
      trickle('x');
      expect((await app.post(body)).status).toBe(202);
    }
    expect(slow.filter((socket) => socket.destroyed)).toEqual([]);
  });
});

describe('large bodies of strangers', () => {
  const mebibyte = 1024 * 1024;
  const webhook = (bytes: number | 'chunked'): string =>
    [
      'POST /webhooks/github HTTP/1.1',
      'host: x',
      'content-type: application/json',
      bytes === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${bytes}`,
      '\r\n',
    ].join('\r\n');

  async function hold(app: Running, request: string): Promise<Socket> {
    const socket = await openSocket(app.port);
    socket.write(request);
    return socket;
  }

  it('share one budget: what does not fit is refused unread, and small ones are accepted', async () => {
    const app = await boot();
    const held = await Promise.all([
      ...Array.from({ length: 3 }, async () => hold(app, webhook(25 * mebibyte))),
      ...Array.from({ length: 2 }, async () => hold(app, webhook('chunked'))),
    ]);
    await expect
      .poll(async () => converse(app.port, `${webhook(24 * mebibyte)}{`))
      .toMatch(/^HTTP\/1\.1 503 /);
    const refused = await converse(app.port, `${webhook(24 * mebibyte)}{`);
    expect(refused).toMatch(/retry-after: 10/i);
    expect(refused).toContain('"too-busy"');
    expect((await app.post(body)).status).toBe(202);
    for (const socket of held) socket.destroy();
    await expect
      .poll(async () => {
        const whole = Buffer.alloc(mebibyte, ' ');
        const answer = await fetch(`${app.url}/webhooks/github`, {
          method: 'POST',
          body: whole,
          headers: { 'content-type': 'application/json' },
        });
        return answer.status;
      })
      .toBe(401);
  });

  it('that exceed the limit of their route are refused unread, and use none of the budget', async () => {
    const app = await boot();
    for (let index = 0; index < 10; index++) {
      expect(await converse(app.port, `${webhook(26 * mebibyte)}`)).toMatch(/^HTTP\/1\.1 413 /);
    }
    expect((await app.post(body)).status).toBe(202);
  });
});

describe('unusual requests', () => {
  it('in HTTP/1.0 without a host are answered, and in HTTP/1.1 refused', async () => {
    const app = await boot();
    expect(await converse(app.port, 'GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.\d 200 /);
    expect(await converse(app.port, 'GET /healthz HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
  });

  it.each(['PROPFIND', 'TRACE', 'CONNECT', 'QUERY', 'PUT', 'DELETE'])(
    'by %s start nothing, echo nothing and cause no error in the log',
    async (method) => {
      const app = await boot();
      const request = `${method} /dispatch?MARKER HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`;
      const answer = await converse(app.port, request).catch(() => '');
      expect(answer).not.toMatch(/^HTTP\/1\.1 [25]|MARKER/);
      expect(app.accepted).toEqual([]);
      expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
      expect((await app.post(body)).status).toBe(202);
    },
  );

  it('that come many in one packet are answered each, in their order', async () => {
    const app = await boot();
    const one = (path: string, close = ''): string => `GET ${path} HTTP/1.1\r\nhost: x\r\n${close}\r\n`;
    const many = `${one('/healthz').repeat(100)}${one('/nothing')}${one('/healthz', 'connection: close\r\n')}`;
    const statuses = [...(await converse(app.port, many)).matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, s]) => s);
    expect(statuses).toEqual([...Array.from({ length: 100 }, () => '200'), '404', '200']);
  });

  it('with thousands of query parameters are answered as without', async () => {
    const app = await boot();
    const query = Array.from({ length: 2_000 }, (_, index) => `a[]=${index % 7}`).join('&');
    expect((await fetch(`${app.url}/healthz?${query}&__proto__[x]=1`)).status).toBe(200);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  it('with two lengths, or a length and chunks, are refused: a proxy may have read them differently', async () => {
    const app = await boot();
    const head = 'POST /dispatch HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
    for (const lines of [
      'content-length: 2\r\ncontent-length: 3\r\n',
      'content-length: 2\r\ntransfer-encoding: chunked\r\n',
    ]) {
      expect(await converse(app.port, `${head}${lines}\r\n{}`)).toMatch(/^HTTP\/1\.1 400 /);
    }
    expect(app.accepted).toEqual([]);
  });

  it('are counted under a limited number of labels, whatever strangers invent', async () => {
    const app = await boot();
    for (let index = 0; index < 50; index++) await fetch(`${app.url}/invented-${index}?q=${index}`);
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    const counted = metrics.match(/^http_request_duration_seconds_count\{/gm) ?? [];
    expect(counted).toHaveLength(1);
    expect(metrics).not.toContain('invented');
  });
});

describe('a page that anybody may read', () => {
  it.each(['/docs', '/docs/json', '/docs/yaml', '/openapi.json', '/metrics', '/readyz', '/healthz'])(
    '(%s) contains no secret and no path of this machine',
    async (path) => {
      const app = await boot();
      const answer = await (await fetch(`${app.url}${path}`)).text();
      expect(answer).not.toContain(secret);
      expect(answer).not.toContain(process.cwd());
      expect(answer).not.toContain(sign(body));
    },
  );

  it('under /docs serves only its own files', async () => {
    const app = await boot();
    for (const path of [
      '..%2f..%2fpackage.json',
      '%2e%2e/package.json',
      '..%5cpackage.json',
      'static/..%2f..%2f',
    ]) {
      const answer = await fetch(`${app.url}/docs/static/${path}`);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(await answer.text()).not.toContain('dependencies');
    }
  });
});

import { describe, expect, it } from 'vitest';
import { boot, payload, start } from './harness.ts';
import { converse, head, openSocket } from './raw-client.ts';

describe('slow and broken clients', () => {
  it('are cut off when a body does not arrive in time, while others are answered', async () => {
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

  it('are cut off when headers do not arrive in time', async () => {
    const app = await boot({ requestTimeoutMs: 300 });
    expect(await converse(app.port, 'GET /healthz HTTP/1.1\r\nhost: x\r\n')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('get a problem that does not repeat their text when they do not speak HTTP', async () => {
    const app = await boot();
    const answer = await converse(app.port, 'MARKER nonsense\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('application/problem+json');
    expect(answer).not.toContain('MARKER');
  });

  it('get 431 for headers that are too large', async () => {
    const app = await boot();
    const answer = await converse(
      app.port,
      `GET /healthz HTTP/1.1\r\nx-large: ${'x'.repeat(100_000)}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('get 413 for a body that grows without announcing its length', async () => {
    const app = await boot();
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const lines = head(0).replace('content-length: 0', 'transfer-encoding: chunked\r\nconnection: close');
    const answer = await converse(app.port, `${lines}${chunk.repeat(8)}0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"payload-too-large"');
  });

  it('may hang up in the middle of a body without harm', async () => {
    const app = await boot();
    for (let index = 0; index < 20; index++) {
      const socket = await openSocket(app.port);
      socket.write(`${head(1000)}{`);
      socket.destroy();
    }
    expect((await app.post(JSON.stringify(payload))).status).toBe(202);
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('the listening server', () => {
  it('shares its port with nobody, although it listens on it several times', async () => {
    const app = await boot();
    const second = start({}, app.port);
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
  });

  it('accepts several connections in one turn of the event loop, so that their queue stays short', async () => {
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

import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { buildServer } from '../../src/http/server.ts';
import { allOk, boot, payload, sign } from './harness.ts';
import { converse, head, openSocket } from './raw-client.ts';

describe('closing the server', () => {
  it('answers the request in flight, closes its keep-alive connection, and accepts no new connection', async () => {
    const entered = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const app = await boot({
      acceptDispatch: async () => {
        entered.resolve();
        await release.promise;
        return { kind: 'accepted', acceptance: { id: 'a', job: 1, status: 'queued', duplicate: false } };
      },
    });
    const body = JSON.stringify(payload);
    const answer = converse(app.port, `${head(body.length, sign(body))}${body}`);
    await entered.promise;
    const startedAt = performance.now();
    const closed = app.close();
    await expect(openSocket(app.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    release.resolve();
    expect(await answer).toMatch(/^HTTP\/1\.1 202 .*connection: close/is);
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(2000);
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
    await openSocket(app.port);
    const startedAt = performance.now();
    await app.close();
    expect(performance.now() - startedAt).toBeLessThan(1000);
    agent.destroy();
  });

  it('does not wait long for half a request', async () => {
    const app = await boot();
    const socket = await openSocket(app.port);
    const ended = text(socket);
    socket.write(`${head(100)}{`);
    // Another answer proves that the server has had time to read the half.
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
    const startedAt = performance.now();
    await app.close();
    expect(performance.now() - startedAt).toBeLessThan(3000);
    await ended.catch(() => '');
  });

  it('works without ever having listened', async () => {
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

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { buildHttpHeartbeat } from '../../../src/adapters/system/http-heartbeat.ts';
import { isHeartbeatUrl } from '../../../src/config/values.ts';
import { HeartbeatRefused } from '../../../src/ports/system.ts';

const never = new AbortController().signal;
const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Starts the service that watches the heartbeat; its address contains a key. */
async function watch(answer: RequestListener): Promise<{ readonly url: string; readonly heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/ping/the-key?from=us`, heard };
}

async function beat(url: string | undefined, timeoutMs = 5_000, signal = never): Promise<unknown> {
  const heartbeat = buildHttpHeartbeat({ url: () => url, isAllowed: isHeartbeatUrl, timeoutMs });
  return heartbeat.beat(signal).catch((error: unknown) => error);
}

describe('the heartbeat', () => {
  it('calls the configured address once, unchanged', async () => {
    const { url, heard } = await watch((_request, response) => response.end('ok'));
    expect(await beat(url)).toBeUndefined();
    expect(heard).toEqual(['GET /ping/the-key?from=us']);
  });

  it('follows no redirect and reports the status without the address', async () => {
    const other = await watch((_request, response) => response.end());
    const { url } = await watch((_request, response) =>
      response.writeHead(302, { location: other.url }).end(),
    );
    const error = await beat(url);
    expect(error).toBeInstanceOf(HeartbeatRefused);
    expect(String(error)).toContain('HTTP 302');
    expect(other.heard).toEqual([]);
  });

  it.each([
    ['answers 500', async () => watch((_request, response) => response.writeHead(500).end()), 'HTTP 500'],
    ['answers nothing', async () => watch(() => undefined), 'did not answer in time'],
    ['hangs up', async () => watch((request) => request.socket.destroy()), 'could not be reached'],
  ] as const)('fails when the other side %s, and its error contains no key', async (_what, open, words) => {
    const { url } = await open();
    const error = await beat(url, 300);
    expect(error).toBeInstanceOf(HeartbeatRefused);
    const { message, cause, stack } = error as Error;
    expect(message).toContain(words);
    expect(`${message} ${String(cause)} ${stack}`).not.toContain('the-key');
  });

  it('succeeds by the status alone, and does not wait for an answer without an end', async () => {
    const left = Promise.withResolvers<void>();
    const { url } = await watch((_request, response) => {
      response.on('close', left.resolve);
      const goOn = (): void => {
        while (!response.destroyed && response.write('a'.repeat(64 * 1024)));
      };
      response.on('drain', goOn);
      goOn();
    });
    expect(await beat(url)).toBeUndefined();
    await left.promise;
  });

  it('is not sent when the address has become one of another kind', async () => {
    for (const url of [undefined, 'http://watch.test/', 'ftp://127.0.0.1/']) {
      expect(await beat(url)).toBeInstanceOf(HeartbeatRefused);
    }
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const { url } = await watch(() => stop.abort(new Error('stopping')));
    expect(String(await beat(url, 5_000, stop.signal))).toContain('stopping');
  });
});

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  publish,
  published,
  spoilPuts,
  spoilReads,
  summarise,
  usePipelineWorld,
  world,
} from './spoilt-registry.ts';

usePipelineWorld();

describe('a registry that redirects to another port', () => {
  it.each([301, 302, 303, 307, 308] as const)('with %i for a PUT gets nobody the token', async (status) => {
    const canary = await startCanary();
    spoilPuts({ kind: 'redirect', status, to: canary.url }, 99);
    expect(await summarise(await publish())).toMatchObject({
      status: 'failed',
      reason: 'registry-rejected-package',
      puts: 1,
      isStored: false,
    });
    expect(await canary.stop()).toEqual([]);
  });

  it.each([301, 307] as const)('with %i for a read parks and gets nobody the token', async (status) => {
    const canary = await startCanary();
    spoilReads({ kind: 'redirect', status, to: canary.url }, 'before-put', Number.POSITIVE_INFINITY);
    const parked = await publish();
    expect(parked.job).toMatchObject({ status: 'queued', waitingFor: 'registry', attempts: 0 });
    expect(await canary.stop()).toEqual([]);
    world.proxy.setFaults(() => undefined);
    expect(await summarise(await world.resume(parked))).toEqual(published(1, 1));
  });
});

/** A server that wants to hear something. `stop` gives what it heard. */
async function startCanary(): Promise<{ readonly url: string; stop(): Promise<readonly unknown[]> }> {
  const heard: unknown[] = [];
  const server = createServer((request: IncomingMessage, answer) => {
    heard.push({ method: request.method, headers: request.headers });
    answer.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      return heard;
    },
  };
}

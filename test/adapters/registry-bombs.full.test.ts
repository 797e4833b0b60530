import { once } from 'node:events';
import { createGzip } from 'node:zlib';
import { Header } from 'tar';
import { afterEach, describe, expect, it } from 'vitest';
import { openRegistry, startScripted } from './registry-fixtures.ts';

const name = 'com.studio.core';
const never = new AbortController().signal;
const mebibyte = 1024 * 1024;
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Makes a tarball of one file of zeros, a thousandth of what it unpacks to. */
async function makeBomb(unpackedBytes: number): Promise<Buffer> {
  const header = new Header({ path: 'package/zeros', type: 'File', size: unpackedBytes, mode: 0o644 });
  header.encode();
  const gzip = createGzip({ level: 1 });
  const packed = Array.fromAsync(gzip as AsyncIterable<Buffer>);
  gzip.write(header.block);
  const zeros = Buffer.alloc(16 * mebibyte);
  for (let written = 0; written < unpackedBytes; written += zeros.length) {
    if (!gzip.write(zeros)) await once(gzip, 'drain');
  }
  gzip.end();
  return Buffer.concat(await packed);
}

describe('a tarball on the registry that unpacks to gigabytes', () => {
  it('is given up at the limit, and counted as unreadable', async () => {
    const bomb = await makeBomb(3 * 1024 * mebibyte);
    expect(bomb.length).toBeLessThan(20 * mebibyte);
    const server = await startScripted((request, response) => {
      if (request.url !== `/${name}`) return response.end(bomb);
      const dist = { tarball: `https://elsewhere.test/${name}/-/${name}-1.0.0.tgz` };
      response.setHeader('content-type', 'application/json');
      return response.end(JSON.stringify({ name, versions: { '1.0.0': { name, version: '1.0.0', dist } } }));
    });
    const registry = openRegistry({ url: server.url, requestTimeoutMs: 60_000 });
    stops.push(
      async () => registry.stop(),
      async () => server.stop(),
    );
    const before = process.memoryUsage().rss;
    const answer = await registry.readFiles(name, '1.0.0', { wants: () => false, take: () => {} }, never);
    expect(answer).toEqual({ kind: 'unreadable', problem: 'has a tarball that cannot be unpacked' });
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * mebibyte);
  });
});

describe('a document of the registry that does not end', () => {
  it('is cut at 64 MB, and counts as an outage, never as a missing name', async () => {
    const sent: number[] = [];
    const server = await startScripted((_request, response) => {
      const request = sent.push(0) - 1;
      response.setHeader('content-type', 'application/json');
      response.write('{"name":"');
      const piece = Buffer.alloc(mebibyte, 'x');
      const more = (): void => {
        if (response.destroyed) return;
        sent[request] = (sent[request] ?? 0) + piece.length;
        if (response.write(piece)) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    });
    const registry = openRegistry({ url: server.url, requestTimeoutMs: 60_000 });
    stops.push(
      async () => registry.stop(),
      async () => server.stop(),
    );
    await expect(registry.findPackument(name, never)).rejects.toMatchObject({
      name: 'Outage',
      kind: 'down',
      detail: 'more than 64 MB came',
    });
    // The second request asks whether only this name is affected.
    expect(sent.length).toBeLessThanOrEqual(2);
    expect(Math.max(...sent)).toBeLessThan(100 * mebibyte);
  });
});

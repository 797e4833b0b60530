import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReadTarball } from '../../src/ports/registry.ts';
import { openRegistry, startScripted } from '../adapters/registry-fixtures.ts';

const name = 'com.studio.core';
const mebibyte = 1024 * 1024;
const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

function head(path: string, size: number): Buffer {
  const header = new Header({ path, type: 'File', size, mode: 0o644 });
  header.encode();
  return header.block ?? Buffer.alloc(0);
}

/** Reads a name that somebody else published; returns the result and the most memory that was in use. */
async function read(
  parts: readonly Buffer[],
): Promise<{ answer: ReadTarball; peakBytes: number; taken: number }> {
  const server = await startScripted((request, response) => {
    if (request.url !== `/${name}`) {
      for (const part of parts) response.write(part);
      response.end();
      return;
    }
    const dist = { tarball: `https://elsewhere.test/${name}/-/${name}-1.0.0.tgz` };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name, versions: { '1.0.0': { name, version: '1.0.0', dist } } }));
  });
  const registry = openRegistry({ url: server.url });
  stops.push(
    async () => registry.stop(),
    async () => server.stop(),
  );
  const before = process.memoryUsage.rss();
  let peak = before;
  let taken = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const visitor = {
    wants: ({ path, bytes }: { path: string; bytes: number }) => path.endsWith('.meta') && bytes <= mebibyte,
    take: () => {
      taken += 1;
    },
  };
  const answer = await registry.readFiles(name, '1.0.0', visitor, new AbortController().signal);
  clearInterval(timer);
  return { answer, peakBytes: peak - before, taken };
}

/** What an attacker gains who published elsewhere, or took over the registry: our memory, our disk, or our time. */
describe('a tarball on the registry', () => {
  it('of 2 MB that unpacks to more than 2 GB is given up without being held in memory', async () => {
    const piece = 64 * mebibyte;
    const pieces = Array<Buffer>(33).fill(gzipSync(Buffer.alloc(piece)));
    const first = gzipSync(head('package/Runtime/Big.bytes', pieces.length * piece));
    const parts = [first, ...pieces, gzipSync(Buffer.alloc(1024))];
    const { answer, peakBytes } = await read(parts);
    expect(answer).toEqual({ kind: 'unreadable', problem: 'has a tarball that cannot be unpacked' });
    expect(peakBytes).toBeLessThan(600 * mebibyte);
  });

  it('of far too many files is given up, and the paths in it are not followed', async () => {
    const paths = Array.from({ length: 1_000 }, (_, index) => head(`package/../../../etc/f${index}.meta`, 0));
    const thousand = gzipSync(Buffer.concat(paths));
    const parts = [...Array<Buffer>(101).fill(thousand), gzipSync(Buffer.alloc(1024))];
    const { answer, taken } = await read(parts);
    expect(answer).toEqual({ kind: 'unreadable', problem: 'has a tarball of too many files' });
    expect(taken).toBeLessThanOrEqual(100_001);
  });
});

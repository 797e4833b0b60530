import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { afterEach, describe, expect, it } from 'vitest';
import { tarballContents } from '../../src/adapters/packing/tarball-contents.ts';
import type { Integrity } from '../../src/domain/package/packument.ts';
import { openRegistry, startScripted } from './registry-fixtures.ts';

const name = 'com.studio.core';
const never = new AbortController().signal;
/** A hash that belongs to no known bytes. */
const noHash = `sha512-${'A'.repeat(86)}==`;
const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const integrityOf = (bytes: Buffer): string =>
  `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

async function pack(files: Readonly<Record<string, string>>): Promise<{ bytes: Buffer; file: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'published-copies-'));
  stops.push(async () => rm(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, 'package', path)), { recursive: true });
    await writeFile(join(folder, 'package', path), text);
  }
  await symlink('/etc/passwd', join(folder, 'package', 'link'));
  const file = join(folder, 'out.tgz');
  await create({ cwd: folder, gzip: true, file }, ['package']);
  return { bytes: await readFile(file), file };
}

interface Served {
  readonly tarball: Buffer | 'cut' | 'missing';
  readonly integrity?: string;
}

async function serve({ tarball, integrity }: Served) {
  const server = await startScripted((request, response) => {
    if (request.url === `/${name}`) {
      const dist = { tarball: `https://elsewhere.test/${name}/-/core-1.tgz`, integrity };
      response.setHeader('content-type', 'application/json');
      const versions = { '1.0.0': { name, version: '1.0.0', dist } };
      const tags = { latest: '1.0.0', beta: '1.0.0', next: '2.0.0' };
      const time = { '1.0.0': '2026-11-20T14:02:00.000Z' };
      response.end(JSON.stringify({ name, versions, 'dist-tags': tags, time }));
    } else if (tarball === 'missing') response.writeHead(404).end();
    else if (tarball === 'cut') {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('x');
      setImmediate(() => response.destroy());
    } else response.end(tarball);
  });
  const registry = openRegistry({ url: server.url });
  stops.push(
    async () => registry.stop(),
    async () => server.stop(),
  );
  return { server, registry, read: async () => registry.readCopy(name, '1.0.0', never) };
}

describe('reading what somebody else published', () => {
  it('shows when the registry received a version, and which dist-tags point to it', async () => {
    const { registry } = await serve({ tarball: 'missing', integrity: noHash });
    expect(await registry.findCopy(name, '1.0.0', never)).toMatchObject({
      integrity: noHash,
      receivedAt: Date.UTC(2026, 10, 20, 14, 2),
      distTags: ['beta', 'latest'],
    });
    expect(await registry.findCopy(name, '9.9.9', never)).toBeUndefined();
  });

  it('lists files by their contents, the manifest whole, and follows no link and no foreign address', async () => {
    const manifest = '{"name":"com.studio.core"}';
    const { bytes, file } = await pack({ 'package.json': manifest, 'Runtime/A.cs': 'class A {}' });
    const { read, server } = await serve({ tarball: bytes, integrity: integrityOf(bytes) });
    const contents = {
      files: [
        { path: 'Runtime/A.cs', bytes: 10, sha256: sha256('class A {}') },
        { path: 'link', bytes: 0, sha256: 'SymbolicLink' },
        { path: 'package.json', bytes: manifest.length, sha256: sha256(manifest) },
      ],
      manifest,
    };
    expect(await read()).toEqual({ kind: 'contents', contents, integrity: integrityOf(bytes) });
    expect(server.seen.at(-1)?.path).toBe(`/${name}/-/core-1.tgz`);
    const own = { file, bytes: 0, integrity: '' as Integrity, shasum: '' };
    expect(await tarballContents.readOwn(own, never)).toEqual(contents);
  });

  it.each([
    ['holds other bytes than its document says', gzipSync(Buffer.alloc(1024)), 'its bytes are not those'],
    ['is no tarball', Buffer.from('<html>'), 'cannot be unpacked'],
    ['is not there', 'missing' as const, 'is not there'],
  ])('does not fail over an archive that %s', async (_, tarball, why) => {
    const { read } = await serve({ tarball, integrity: noHash });
    expect(await read()).toEqual({ kind: 'unreadable', why: expect.stringContaining(why) });
  });

  it('treats a broken connection as an outage, so that it is read again', async () => {
    const { read } = await serve({ tarball: 'cut' });
    await expect(read()).rejects.toMatchObject({ neighbour: 'registry' });
  });
});

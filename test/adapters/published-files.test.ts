import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { afterEach, describe, expect, it } from 'vitest';
import { PublishError } from '../../src/domain/failure/failure.ts';
import { openRegistry, type ScriptedServer, startScripted } from './registry-fixtures.ts';

const name = 'com.studio.core';
const never = new AbortController().signal;
const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function pack(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'published-files-'));
  await mkdir(join(folder, 'package', 'Runtime'), { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, 'package', path), text);
  await create({ cwd: folder, gzip: true, file: join(folder, 'out.tgz') }, ['package']);
  const bytes = await readFile(join(folder, 'out.tgz'));
  await rm(folder, { recursive: true });
  return bytes;
}

interface Served {
  readonly tarball: Buffer;
  readonly integrity?: string;
  /** Tarball address that the document names. */
  readonly address?: string;
  readonly redirectTo?: string;
}

async function serve(
  served: Served,
): Promise<ScriptedServer & { read(version?: string): Promise<string | undefined> }> {
  const { tarball, address = 'https://elsewhere.test/com.studio.core/-/core-1.tgz' } = served;
  const integrity = served.integrity ?? `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const server = await startScripted((request, response) => {
    if (request.url === `/${name}`) {
      const dist = { tarball: address, integrity };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ name, versions: { '1.0.0': { name, version: '1.0.0', dist } } }));
    } else if (request.url === '/-/whoami') response.end('{"username":"bot"}');
    else if (served.redirectTo !== undefined) {
      response.writeHead(302, { location: served.redirectTo }).end();
    } else response.end(tarball);
  });
  const registry = openRegistry({ url: server.url });
  stops.push(
    async () => registry.stop(),
    async () => server.stop(),
  );
  return {
    ...server,
    read: async (version = '1.0.0') => registry.findText(name, version, 'CHANGELOG.md', never),
  };
}

describe('reading a file of a published tarball', () => {
  it('returns a text of its root, whatever its case, from the registry’s own origin', async () => {
    const server = await serve({
      tarball: await pack({ 'Changelog.md': '# größe\n', 'Runtime/CHANGELOG.md': 'no' }),
    });
    expect(await server.read()).toBe('# größe\n');
    expect(server.seen.map(({ path }) => path)).toEqual([`/${name}`, `/${name}/-/core-1.tgz`]);
  });

  it('returns nothing for a version or a file that is missing or too large', async () => {
    const server = await serve({ tarball: await pack({ 'README.md': 'x' }) });
    expect(await server.read('9.9.9')).toBeUndefined();
    expect(await server.read('constructor')).toBeUndefined();
    expect(await server.read()).toBeUndefined();
    const large = await serve({ tarball: await pack({ 'CHANGELOG.md': 'x'.repeat(1024 * 1024 + 1) }) });
    expect(await large.read()).toBeUndefined();
  });

  it('rejects a tarball that does not match its document', async () => {
    const tarball = await pack({ 'CHANGELOG.md': 'x' });
    const server = await serve({ tarball, integrity: `sha512-${'A'.repeat(86)}==` });
    const error = await server.read().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PublishError);
    expect(error).toMatchObject({ failure: { reason: 'published-copy-differs' } });
  });

  it('follows no redirect, and counts neither a redirect nor a non-tarball as an outage', async () => {
    const other = await serve({ tarball: await pack({ 'CHANGELOG.md': 'x' }) });
    const server = await serve({ tarball: Buffer.from('x'), redirectTo: `${other.url}${name}/-/core-1.tgz` });
    const forwarded = { reason: 'registry-name-forwarded', facts: { name, to: other.url.slice(0, -1) } };
    await expect(server.read()).rejects.toMatchObject({ name: 'NameRefusal', failure: forwarded });
    expect(other.seen).toEqual([]);
    const broken = await serve({ tarball: Buffer.from('<html>') });
    await expect(broken.read()).rejects.toMatchObject({
      name: 'NameRefusal',
      detail: 'its tarball cannot be unpacked',
    });
  });
});

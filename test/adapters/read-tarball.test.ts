import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Header, Pax } from 'tar';
import { afterEach, describe, expect, it } from 'vitest';
import { Outage } from '../../src/domain/failure/failure.ts';
import type { ReadTarball } from '../../src/ports/registry.ts';
import { openRegistry, startScripted } from './registry-fixtures.ts';

const name = 'com.studio.core';
const never = new AbortController().signal;
const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Entry {
  readonly path: string;
  readonly content?: string;
  readonly type?: 'File' | 'SymbolicLink' | 'Directory';
}

function pack(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ path, content = '', type = 'File' }) => {
    const link = type === 'SymbolicLink' ? { linkpath: '/etc/passwd' } : {};
    const header = new Header({ path, type, size: Buffer.byteLength(content), mode: 0o644, ...link });
    header.encode();
    const padding = Buffer.alloc((512 - (Buffer.byteLength(content) % 512)) % 512);
    return [header.block ?? Buffer.alloc(0), Buffer.from(content), padding];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

async function read(
  tarball: Buffer,
  options: { readonly integrity?: string; readonly cutAt?: number; readonly wants?: RegExp } = {},
): Promise<{ readonly answer: ReadTarball; readonly taken: ReadonlyMap<string, string> }> {
  const sha512 = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const server = await startScripted((request, response) => {
    if (request.url === `/${name}`) {
      const dist = {
        tarball: `https://elsewhere.test/${name}/-/${name}-1.0.0.tgz`,
        integrity: options.integrity ?? sha512,
      };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ name, versions: { '1.0.0': { name, version: '1.0.0', dist } } }));
    } else if (options.cutAt === undefined) response.end(tarball);
    else {
      response.setHeader('content-length', tarball.length);
      response.write(tarball.subarray(0, options.cutAt), () => response.destroy());
    }
  });
  const registry = openRegistry({ url: server.url });
  stops.push(
    async () => registry.stop(),
    async () => server.stop(),
  );
  const taken = new Map<string, string>();
  const answer = await registry.readFiles(
    name,
    '1.0.0',
    {
      wants: ({ path }) => (options.wants ?? /./).test(path),
      take: ({ path }, content) => void taken.set(path, content.toString()),
    },
    never,
  );
  return { answer, taken };
}

describe('the files of a tarball on the registry', () => {
  it('are all listed, and passed on as far as they are wanted, without links and folders', async () => {
    const tarball = pack([
      { path: 'package/package.json', content: '{}' },
      { path: 'package/Runtime', type: 'Directory' },
      { path: 'package/Runtime/A.cs', content: 'class A' },
      { path: 'package/link.cs', type: 'SymbolicLink' },
      { path: 'package/empty.txt' },
    ]);
    const { answer, taken } = await read(tarball, { wants: /^(?:Runtime|empty)/ });
    expect(answer).toEqual({
      kind: 'read',
      bytes: tarball.length,
      entries: [
        { path: 'package.json', bytes: 2 },
        { path: 'Runtime/A.cs', bytes: 7 },
        { path: 'empty.txt', bytes: 0 },
      ],
    });
    expect(Object.fromEntries(taken)).toEqual({ 'Runtime/A.cs': 'class A', 'empty.txt': '' });
  });

  it.each([
    ['no archive', Buffer.from('<html>not found</html>'), {}],
    ['half an archive', pack([{ path: 'package/a', content: 'x'.repeat(50_000) }]).subarray(0, 40), {}],
    [
      'other bytes than the document says',
      pack([{ path: 'package/a' }]),
      { integrity: `sha512-${'A'.repeat(86)}==` },
    ],
  ])('cannot be read from %s, which is no outage', async (_what, bytes, options) => {
    expect((await read(bytes, options)).answer).toMatchObject({ kind: 'unreadable' });
  });

  it('count as an outage when the connection breaks in the middle', async () => {
    const noise = createHash('shake256', { outputLength: 200_000 }).update('x').digest('hex');
    const tarball = pack([{ path: 'package/a', content: noise }]);
    await expect(read(tarball, { cutAt: 50_000 })).rejects.toThrow(Outage);
  });

  it('keep their long names', async () => {
    const path = `package/${'long/'.repeat(40)}file.txt`;
    const extra = new Pax({ path, size: 1 }).encode();
    const header = new Header({ path: 'package/short', type: 'File', size: 1, mode: 0o644 });
    header.encode();
    const body = Buffer.concat([
      extra,
      header.block ?? Buffer.alloc(0),
      Buffer.from('x'),
      Buffer.alloc(511 + 1024),
    ]);
    const { answer } = await read(gzipSync(body));
    expect(answer).toMatchObject({ entries: [{ path: `${'long/'.repeat(40)}file.txt`, bytes: 1 }] });
  });
});

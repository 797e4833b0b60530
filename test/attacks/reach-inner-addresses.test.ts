import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { download } from '../../src/adapters/lfs/download.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { slugFromUrl } from '../../src/domain/repository/repository.ts';

const visits: string[] = [];
const object = { oid: 'a'.repeat(64), bytes: 3 };
let inner: Server;
let port: number;

beforeAll(async () => {
  inner = createServer((request, response) => {
    visits.push(request.url ?? '');
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
  });
  await new Promise<void>((resolve) => inner.listen(0, '127.0.0.1', resolve));
  port = (inner.address() as AddressInfo).port;
});

afterAll(() => inner.close());

async function fetchFrom(href: string, serverUrl: string): Promise<string | undefined> {
  const host = { serverUrl, token: () => undefined, clock: systemClock, timeoutMs: 5_000, silenceMs: 5_000 };
  const file = join(tmpdir(), `inner-${process.pid}`);
  return download(host, object, { kind: 'there', href, headers: {} }, file, new AbortController().signal);
}

/** What an attacker gains: answers of machines that only we can reach, such as the cloud's own credentials. */
describe('an object of Git LFS', () => {
  it.each([
    ['the cloud’s metadata', () => 'http://169.254.169.254/latest/meta-data/'],
    ['a machine of the network', () => 'http://10.0.0.1/'],
    ['ourselves', () => `http://127.0.0.1:${port}/`],
    ['ourselves by number', () => `http://2130706433:${port}/`],
    ['ourselves by name', () => `http://localhost:${port}/`],
    ['ourselves in IPv6', () => `http://[::1]:${port}/`],
    ['a name that begins like us', () => `http://127.0.0.1.evil.test:${port}/`],
    ['a file', () => 'file:///etc/passwd'],
    ['data', () => 'data:text/plain,abc'],
    ['a host with a password', () => 'https://us:word@storage.test/'],
    ['nothing', () => 'http://'],
  ])('is not fetched from %s', async (_where, href) => {
    const why = await fetchFrom(href(), 'https://git.studio.test');
    expect(why).toBe('its address is not one that we may fetch from');
    expect(visits).toEqual([]);
  });

  it('is not fetched through a redirect to the cloud’s metadata, even from an allowed address', async () => {
    const why = await fetchFrom(`http://127.0.0.1:${port}/object`, 'http://127.0.0.1:1');
    expect(why).toBe('its address is not one that we may fetch from');
    expect(visits).toEqual(['/object']);
  });
});

describe('the address of a repository', () => {
  it.each([
    ['http://169.254.169.254/studio/tool', 'studio/tool'],
    ['https://evil.test/studio/tool.git?x=1#y', 'studio/tool'],
    ['https://us:word@evil.test/studio/tool', 'studio/tool'],
    ['git@evil.test:studio/tool.git', 'studio/tool'],
    ['ssh://git@evil.test/studio/tool', 'studio/tool'],
    ['ext::sh -c touch% /tmp/x', undefined],
    ['file:///etc/passwd', undefined],
    ['--upload-pack=touch/x', undefined],
    ['https://evil.test/../../studio', undefined],
    ['https://evil.test/studio/..', undefined],
    ['http://169.254.169.254/', undefined],
  ])('%s yields no more than an owner and a repository, on our own git host', (address, slug) => {
    expect(slugFromUrl(address)).toBe(slug);
  });
});

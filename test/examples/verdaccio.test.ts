import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runServer } from 'verdaccio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readText } from './run-command.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upm-examples-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('examples/verdaccio/config.yaml', () => {
  let server: Server;
  let url: string;

  beforeAll(async () => {
    const yaml = (await readText('examples/verdaccio/config.yaml')).replaceAll('/verdaccio/storage', folder);
    const file = join(folder, 'verdaccio.yaml');
    await writeFile(file, yaml);
    server = (await runServer(file as never)) as Server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const register = async (name: string): Promise<Response> =>
    fetch(`${url}/-/user/org.couchdb.user:${name}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, password: 'a-long-password' }),
    });
  const publish = async (authorization: string | undefined): Promise<Response> => {
    const name = 'com.example.tool';
    const file = `${name}-1.0.0.tgz`;
    const version = { name, version: '1.0.0', dist: { tarball: `${url}/${name}/-/${file}` } };
    const attachment = { content_type: 'application/octet-stream', data: 'AAAA', length: 3 };
    return fetch(`${url}/${name}`, {
      method: 'PUT',
      headers: {
        'content-type': 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: JSON.stringify({
        _id: name,
        name,
        'dist-tags': { latest: '1.0.0' },
        versions: { '1.0.0': version },
        _attachments: { [file]: attachment },
        padding: 'x'.repeat(20_000_000),
      }),
    });
  };

  it('lets one user publish, even more than Verdaccio’s default of 10 MB, and nobody else', async () => {
    const first = await register('publisher');
    expect(first.status).toBe(201);
    const { token } = (await first.json()) as { readonly token: string };
    const second = await register('somebody');
    expect([second.status >= 400, await second.json()]).toEqual([true, { error: expect.any(String) }]);
    expect((await publish(undefined)).status).toBe(401);
    expect((await publish(`Bearer ${token}`)).status).toBe(201);
    expect((await fetch(`${url}/com.example.tool`)).status).toBe(200);
  });
});

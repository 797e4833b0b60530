import { expect, it } from 'vitest';
import { newName, openRegistry, startScripted } from './registry-fixtures.ts';

const never = new AbortController().signal;

it('reading only a changed packument returns nothing when the registry says “not modified”, whatever the cache holds', async () => {
  const name = newName();
  let version = '1.0.0';
  const server = await startScripted((request, response) => {
    if (request.url !== `/${name}`) return response.writeHead(404).end();
    const headers = { etag: `"${version}"`, 'content-type': 'application/json' };
    if (request.headers['if-none-match'] === headers.etag) return response.writeHead(304, headers).end();
    const versions = { [version]: { name, version } };
    return response
      .writeHead(200, headers)
      .end(JSON.stringify({ name, versions, 'dist-tags': { latest: version } }));
  });
  const saved: string[] = [];
  const registry = openRegistry({
    url: server.url,
    packuments: {
      find: async () => Promise.reject(new Error('nobody needs it')),
      save: async (_name, etag) => void saved.push(etag),
    },
  });
  try {
    const first = await registry.findChange(name, undefined, never);
    expect(first).toMatchObject({ name, distTags: { latest: '1.0.0' } });
    expect(await registry.findChange(name, '"1.0.0"', never)).toBe('unchanged');
    version = '1.1.0';
    expect(await registry.findChange(name, '"1.0.0"', never)).toMatchObject({
      distTags: { latest: '1.1.0' },
    });
    expect(saved).toEqual(['"1.0.0"', '"1.1.0"']);
    expect(await registry.findChange(newName(), '"1.0.0"', never)).toBeUndefined();
  } finally {
    await registry.stop();
    await server.stop();
  }
});

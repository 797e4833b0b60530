import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A registry that knows every name: 20 versions each, the same answer with the same ETag every time. Runs in its own
 * process, so that its work and memory are not counted as ours. `/-/counts` returns what was requested since the last
 * call.
 */
const versions = Array.from({ length: 20 }, (_, index) => `1.${index}.0`);
let counts = { requests: 0, notModified: 0, bytes: 0 };

function packumentOf(name: string): string {
  const entries = versions.map((version) => {
    const dist = {
      integrity: `sha512-${'A'.repeat(86)}==`,
      tarball: `http://127.0.0.1/${name}-${version}.tgz`,
    };
    return [version, { name, version, description: 'A package of the benchmark', dist }] as const;
  });
  return JSON.stringify({
    name,
    'dist-tags': { latest: versions.at(-1) },
    versions: Object.fromEntries(entries),
  });
}

const server = createServer((request, response) => {
  const name = decodeURIComponent((request.url ?? '/').slice(1));
  if (name === '-/counts') {
    response.end(JSON.stringify(counts));
    counts = { requests: 0, notModified: 0, bytes: 0 };
    return;
  }
  counts.requests++;
  const etag = `"${name}"`;
  if (request.headers['if-none-match'] === etag) {
    counts.notModified++;
    response.writeHead(304, { etag }).end();
    return;
  }
  const body = packumentOf(name);
  counts.bytes += body.length;
  response.writeHead(200, { etag, 'content-type': 'application/json' }).end(body);
});

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/\n`);
});

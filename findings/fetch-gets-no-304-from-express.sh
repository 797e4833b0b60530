#!/usr/bin/env bash
# A conditional request with Node's fetch never gets 304 from Express (nor from what is built on it, such as Verdaccio): for
# a request with If-None-Match fetch also sends `cache-control: no-cache`, and Express takes that for "I want all of it".
# The same request with node:http gets 304, and so does fetch from Fastify. An ETag cache on fetch saves nothing there.
# Seen with express 5.1.0, fastify 5.12.8 with @fastify/etag 6.1.0, Node 20.20 and 24.21.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && cd "$folder"
echo '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts express@5.1.0 fastify@5.12.8 @fastify/etag@6.1.0
cat > ask.mjs <<'JS'
import { get } from 'node:http';
import etag from '@fastify/etag';
import express from 'express';
import fastify from 'fastify';
const app = express();
app.get('/document', (_request, response) => response.json({ name: 'com.studio.core' }));
const server = app.listen(0, '127.0.0.1');
const other = fastify();
await other.register(etag);
other.get('/document', async () => ({ name: 'com.studio.core' }));
await other.listen({ host: '127.0.0.1', port: 0 });
for (const [name, { port }] of [['express', server.address()], ['fastify', other.server.address()]]) {
  const url = `http://127.0.0.1:${port}/document`;
  const headers = { 'if-none-match': (await fetch(url)).headers.get('etag') };
  const fetched = (await fetch(url, { headers })).status;
  const plain = await new Promise((done) => get(url, { headers }, (answer) => done(answer.resume().statusCode)));
  console.log(`${name}: fetch ${fetched}, node:http ${plain}`);
}
process.exit();
JS
node ask.mjs | tee seen
diff seen - <<'SEEN'
express: fetch 200, node:http 304
fastify: fetch 304, node:http 304
SEEN

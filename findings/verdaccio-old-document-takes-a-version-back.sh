#!/usr/bin/env bash
# Verdaccio does not compare revisions: whoever puts a document back that was read before a publish (what `npm unpublish
# name@version` and older `npm owner` do) takes the version that was published between away. The answer is 201, the document
# no longer lists the version, a dist-tag may be left pointing at it, and its tarball is still served. CouchDB, whose
# protocol this is, answers 409 to a document whose _rev is no longer the newest.
# Seen with verdaccio 6.10.4.
set -euo pipefail
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT && cd "$folder"
echo '{"private":true,"overrides":{"verdaccio-audit":{"node-fetch":"^2.7.0"}}}' > package.json
npm install --silent --no-audit --no-fund --ignore-scripts verdaccio@6.10.4
cat > race.mjs <<'JS'
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { runServer } from 'verdaccio';
const folder = process.cwd();
mkdirSync(`${folder}/storage`);
const server = await runServer({
  self_path: `${folder}/config.yaml`,
  configPath: `${folder}/config.yaml`,
  storage: `${folder}/storage`,
  auth: { htpasswd: { file: `${folder}/htpasswd`, algorithm: 'sha1', max_users: 1 } },
  packages: { '**': { access: '$all', publish: '$authenticated', unpublish: '$authenticated' } },
  web: { enable: false },
  log: { type: 'stdout', format: 'json', level: 'fatal' },
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const base = `http://127.0.0.1:${server.address().port}`;
const json = { 'content-type': 'application/json' };
const user = { name: 'publisher', password: 'any-long-password' };
const login = await fetch(`${base}/-/user/org.couchdb.user:publisher`, { method: 'PUT', headers: json, body: JSON.stringify(user) });
const headers = { ...json, authorization: `Bearer ${(await login.json()).token}` };
const name = 'com.studio.core';
async function publish(version) {
  const data = Buffer.from(`tarball of ${version}`);
  const file = `${name}-${version}.tgz`;
  const dist = { tarball: `${base}/${name}/-/${file}`, shasum: createHash('sha1').update(data).digest('hex') };
  const body = {
    _id: name,
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { name, version, dist } },
    _attachments: { [file]: { content_type: 'application/octet-stream', data: data.toString('base64'), length: data.length } },
  };
  return (await fetch(`${base}/${name}`, { method: 'PUT', headers, body: JSON.stringify(body) })).status;
}
const read = async () => (await fetch(`${base}/${name}`, { headers })).json();
console.log('publish 1.0.0:', await publish('1.0.0'));
const old = await read();
console.log('publish 2.0.0:', await publish('2.0.0'));
console.log('a newer revision:', (await read())._rev !== old._rev);
const put = await fetch(`${base}/${name}/-rev/${old._rev}`, { method: 'PUT', headers, body: JSON.stringify(old) });
console.log('the old document put back:', put.status);
console.log('versions:', Object.keys((await read()).versions).join(' '));
console.log('tarball of 2.0.0:', (await fetch(`${base}/${name}/-/${name}-2.0.0.tgz`)).status);
process.exit();
JS
node race.mjs 2>/dev/null | grep -E '^(publish|a newer|the old|versions|tarball)' | tee seen
diff seen - <<'SEEN'
publish 1.0.0: 201
publish 2.0.0: 201
a newer revision: true
the old document put back: 201
versions: 1.0.0
tarball of 2.0.0: 200
SEEN

import { describe, expect, it } from 'vitest';
import { openRegistry, startScripted } from './registry-fixtures.ts';

const never = new AbortController().signal;

const json = { 'content-type': 'application/json' };

const sha1 = Buffer.from('a9'.repeat(20), 'hex').toString('base64');
const sha256 = `sha256-${'A'.repeat(43)}=`;
const sha384 = `sha384-${'A'.repeat(64)}`;
const sha512 = `sha512-${'A'.repeat(86)}==`;
const other512 = `sha512-${'B'.repeat(85)}A==`;

/** Reads `com.studio.x` from a server that answers with this document. */
async function readDocument(document: string, headers: Record<string, string> = json) {
  const server = await startScripted((request, response) =>
    response.writeHead(200, headers).end(request.url === '/-/whoami' ? '{"username":"bot"}' : document),
  );
  const scripted = openRegistry({ url: server.url });
  try {
    return await scripted.findPackument('com.studio.x', never);
  } finally {
    await scripted.stop();
    await server.stop();
  }
}

describe('reading a packument from a registry’s document', () => {
  it.each([
    ['another name', '{"name":"com.studio.y","versions":{}}'],
    ['no name', '{"versions":{}}'],
    ['no versions', '{"name":"com.studio.x"}'],
    ['a list of versions', '{"name":"com.studio.x","versions":[]}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['cut JSON', '{"name":"com.studio.x","versions":{'],
  ])('refuses a document with %s', async (_what, document) => {
    await expect(readDocument(document)).rejects.toMatchObject({
      name: 'NameRefusal',
      failure: { reason: 'registry-name-unreadable', facts: { name: 'com.studio.x' } },
      detail: 'it is not a document of this name',
    });
  });

  it('leaves out what is not a version, and lets no key reach a prototype', async () => {
    const packument = await readDocument(
      `{"name":"com.studio.x","__proto__":{"polluted":1},"versions":{"__proto__":{"dist":{}},"constructor":{},
        "latest":{},"1.0":{},"2.0.0":"text","1.0.0":{"dist":{"shasum":"aa"}},"1.1.0":{"dist":{"integrity":5}},
        "1.2.0":{"dist":{"integrity":"sha1-abc"}},"1.3.0":{"dist":null}},
        "dist-tags":{"__proto__":"1.0.0","constructor":"1.1.0","latest":{"x":1}}}`,
    );
    expect([...(packument?.versions.keys() ?? [])]).toEqual(['1.0.0', '1.1.0', '1.2.0', '1.3.0']);
    expect([...(packument?.versions.values() ?? [])].map((known) => known.integrity)).toEqual(
      Array(4).fill(undefined),
    );
    expect(packument?.distTags['toString']).toBeUndefined();
    expect(Object.entries(packument?.distTags ?? {})).toEqual([
      ['__proto__', '1.0.0'],
      ['constructor', '1.1.0'],
    ]);
    expect('polluted' in {}).toBe(false);
  });

  it.each([
    ['only a shasum', { shasum: 'A9'.repeat(20) }, `sha1-${sha1}`],
    ['a SHA-256 and a shasum', { integrity: sha256, shasum: 'a9'.repeat(20) }, `${sha256} sha1-${sha1}`],
    ['a SHA-384 with options', { integrity: `${sha384}?ct=x md5-${'A'.repeat(22)}==` }, sha384],
    ['two SHA-512', { integrity: `${sha256}  ${other512}\t${sha512} ${other512}` }, `${other512} ${sha512}`],
    ['hashes of a wrong length', { integrity: 'sha512-abcd sha256-abcd', shasum: 'abc' }, undefined],
    ['no text', { integrity: ['sha512'], shasum: 5 }, undefined],
  ])('keeps what can be compared of %s', async (_what, dist, expected) => {
    const document = { name: 'com.studio.x', versions: { '1.0.0': { dist } } };
    const packument = await readDocument(JSON.stringify(document));
    expect(packument?.versions.get('1.0.0')?.integrity).toBe(expected);
  });

  it('finds the sha512 among several hashes', async () => {
    const versions = { '1.0.0': { dist: { integrity: `sha1-abc= ${sha512}` } } };
    const packument = await readDocument(JSON.stringify({ name: 'com.studio.x', versions }));
    expect(packument?.versions.get('1.0.0')?.integrity).toBe(sha512);
  });

  it.each([
    [
      'of the newest version',
      { '1.2.0': { repository: { url: 'new' } }, '1.1.9': { repository: 'old' } },
      'new',
    ],
    [
      'written as text',
      { '1.0.0': { repository: 'git@git.example:studio/x.git' } },
      'git@git.example:studio/x.git',
    ],
    ['of the name, when no version has one', { '1.0.0': {} }, 'of the name'],
    [
      'of the name, when a version names no place',
      { '1.0.0': { repository: { type: 'git', url: ' ' } } },
      'of the name',
    ],
    ['that is none, as it is written', { '1.0.0': { repository: { directory: 'a' } } }, '{"directory":"a"}'],
    ['that is a list, as it is written', { '1.0.0': { repository: ['studio/x'] } }, '["studio/x"]'],
    ['that is a number, as it is written', { '1.0.0': { repository: { url: 5 } } }, '5'],
  ])('returns the repository %s', async (_what, versions, expected) => {
    const document = { name: 'com.studio.x', versions, repository: { type: 'git', url: 'of the name' } };
    expect((await readDocument(JSON.stringify(document)))?.repositoryUrl).toBe(expected);
  });

  it('knows a name whose versions were all unpublished', async () => {
    const packument = await readDocument(
      '{"name":"com.studio.x","time":{"unpublished":{"versions":["1.0.0"]}}}',
    );
    expect(packument?.versions.size).toBe(0);
  });

  it('reads below a path and escapes the name', async () => {
    const server = await startScripted((_request, response) => response.writeHead(404, json).end('{}'));
    const below = openRegistry({ url: `${server.url}npm/private` });
    expect(below.url).toBe(`${server.url}npm/private/`);
    await below.findPackument('com.studio/../x?y#z', never);
    expect(server.seen).toEqual([
      { path: '/npm/private/com.studio%2F..%2Fx%3Fy%23z', authorization: 'Bearer the-token' },
    ]);
    await below.stop();
    await server.stop();
  });
});

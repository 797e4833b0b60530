import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fault, type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import { type SandboxRegistry, startRegistry } from '../../sandbox/registry.ts';
import type { PutAnswer, Registry } from '../../src/ports/registry.ts';
import {
  engines,
  makeTarball,
  newName,
  openRegistry,
  type ScriptedServer,
  startScripted,
  uploadOf,
} from './registry-fixtures.ts';

let folder: string;
let verdaccio: SandboxRegistry;
let proxy: FaultProxy;
const never = new AbortController().signal;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-test-'));
  verdaccio = await startRegistry({ folder: join(folder, 'verdaccio') });
  proxy = await startFaultProxy({ target: verdaccio.url });
});

afterEach(() => proxy.clear());

afterAll(async () => {
  await proxy.stop();
  await verdaccio.stop();
  await rm(folder, { recursive: true, force: true });
});

interface StoredPackument {
  readonly 'dist-tags': Record<string, string>;
  readonly versions: Record<
    string,
    { dist: { integrity: string; shasum: string; tarball: string }; description: string }
  >;
}

async function readStored(name: string): Promise<StoredPackument> {
  const response = await fetch(`${verdaccio.url}${name}`);
  return (await response.json()) as StoredPackument;
}

describe.each(engines)('putting a package by $engine', ({ streamAboveBytes }) => {
  let registry: Registry & { stop(): Promise<void> };
  let token: string;

  beforeAll(() => {
    token = verdaccio.token;
    registry = openRegistry({ url: proxy.url, token: () => token, streamAboveBytes, putIdleTimeoutMs: 400 });
  });
  afterEach(() => {
    token = verdaccio.token;
  });
  afterAll(async () => registry.stop());

  it('stores these very bytes under the version and the dist-tag', async () => {
    for (const bytes of [1, 2, 3, 700_001]) {
      const tarball = await makeTarball(folder, bytes);
      const upload = uploadOf(tarball, { distTag: 'beta', fields: { description: 'Größe “x” </script>' } });
      expect(await registry.put(upload, never)).toEqual({ kind: 'accepted' });
      const stored = await readStored(upload.name);
      const version = stored.versions['1.0.0'];
      expect(version?.dist).toMatchObject({ integrity: tarball.integrity, shasum: tarball.shasum });
      expect(version?.description).toBe('Größe “x” </script>');
      expect(stored['dist-tags']['beta']).toBe('1.0.0');
      const response = await fetch(version?.dist.tarball ?? '');
      const served = createHash('sha512').update(Buffer.from(await response.arrayBuffer()));
      expect(`sha512-${served.digest('base64')}`).toBe(tarball.integrity);
      const read = await registry.findPackument(upload.name, never);
      expect(read?.versions.get('1.0.0')?.integrity).toBe(tarball.integrity);
    }
  });

  it('calls a version that exists a conflict', async () => {
    const upload = uploadOf(await makeTarball(folder, 100));
    await registry.put(upload, never);
    expect(await registry.put(upload, never)).toEqual({ kind: 'conflict' });
    expect(await registry.put({ ...upload, tarball: await makeTarball(folder, 100) }, never)).toEqual({
      kind: 'conflict',
    });
  });

  it('uses the token of the moment, and says when it is refused', async () => {
    const upload = uploadOf(await makeTarball(folder, 100));
    token = 'no-such-token';
    expect(await registry.put(upload, never)).toMatchObject({ kind: 'credentials' });
    token = '';
    expect(await registry.put(upload, never)).toMatchObject({ kind: 'credentials' });
    token = verdaccio.token;
    expect(await registry.put(upload, never)).toEqual({ kind: 'accepted' });
    expect(proxy.requests().map((request) => request.authorization)).toEqual([
      'Bearer no-such-token',
      undefined,
      `Bearer ${verdaccio.token}`,
    ]);
  });

  const rejected = (status: number, detail: string): PutAnswer => ({
    kind: 'refused',
    failure: { reason: 'registry-rejected-package', facts: { status, detail } },
  });
  const json = { 'content-type': 'application/json' };
  const faults: readonly (readonly [
    string,
    Fault,
    Partial<PutAnswer> & { kind: PutAnswer['kind'] },
    boolean,
  ])[] = [
    ['a reset before', { kind: 'reset', when: 'before-forwarding' }, { kind: 'unclear' }, false],
    ['a reset after', { kind: 'reset', when: 'after-forwarding' }, { kind: 'unclear' }, true],
    ['stored, then dropped', { kind: 'store-then-drop' }, { kind: 'unclear' }, true],
    ['stored, then 502', { kind: 'store-then-status', status: 502 }, { kind: 'unclear' }, true],
    ['half an answer', { kind: 'half-answer' }, { kind: 'unclear' }, true],
    ['a web page', { kind: 'html-200' }, { kind: 'unclear' }, false],
    ['silence', { kind: 'hang' }, { kind: 'timed-out' }, false],
    ['a claim that is not true', { kind: 'accept-without-forwarding' }, { kind: 'accepted' }, false],
    ['a slow answer', { kind: 'dribble', chunkBytes: 4, everyMs: 5 }, { kind: 'accepted' }, true],
    ['500', { kind: 'status', status: 500 }, { kind: 'unclear' }, false],
    [
      'a claim with an error',
      { kind: 'status', status: 200, body: '{"error":"no"}' },
      { kind: 'unclear' },
      false,
    ],
    ['503', { kind: 'status', status: 503 }, { kind: 'busy', retryAfterMs: undefined }, false],
    [
      '429 with Retry-After',
      { kind: 'status', status: 429, headers: { 'retry-after': '7' } },
      { kind: 'busy', retryAfterMs: 7_000 },
      false,
    ],
    [
      'Retry-After beyond reason',
      { kind: 'status', status: 503, headers: { 'retry-after': '86400' } },
      { kind: 'busy', retryAfterMs: 600_000 },
      false,
    ],
    ['409', { kind: 'status', status: 409 }, { kind: 'conflict' }, false],
    ['401', { kind: 'status', status: 401 }, { kind: 'credentials' }, false],
    [
      '401 that wants a one-time password',
      { kind: 'status', status: 401, headers: { 'www-authenticate': 'OTP' } },
      { kind: 'refused', failure: { reason: 'registry-requires-otp', facts: {} } },
      false,
    ],
    [
      '422 with words',
      { kind: 'status', status: 422, headers: json, body: '{"error":"bad\\r\\n\\u001b[31m name"}' },
      rejected(422, 'bad [31m name'),
      false,
    ],
    ['400 with a page', { kind: 'status', status: 400, body: '<h1>no' }, rejected(400, 'HTTP 400'), false],
    [
      '413 before the body was read',
      { kind: 'status', status: 413, body: '{"error":"too large"}', when: 'before-body' },
      rejected(413, 'too large'),
      false,
    ],
  ];

  it.each(faults)('makes of %s what it is', async (_what, fault, expected, isStored) => {
    const upload = uploadOf(await makeTarball(folder, 300_000));
    proxy.setFaults(() => fault);
    expect(await registry.put(upload, never)).toMatchObject(expected);
    expect(proxy.requests()).toHaveLength(1);
    proxy.clear();
    const stored = await registry.findPackument(upload.name, never);
    expect(stored?.versions.get('1.0.0')?.integrity).toBe(isStored ? upload.tarball.integrity : undefined);
  });

  it('trusts no answer that was cut, though what arrived can be read', async () => {
    const cutting = await startScripted((request, response) => {
      response.writeHead(201, { 'content-length': '100' });
      response.write('{"ok":"created"}', () => request.socket.destroy());
    });
    const cut = openRegistry({ url: cutting.url, streamAboveBytes });
    expect(await cut.put(uploadOf(await makeTarball(folder, 100)), never)).toMatchObject({ kind: 'unclear' });
    await cut.stop();
    await cutting.stop();
  });

  it('says whose name a registry does not let us publish', async () => {
    const upload = uploadOf(await makeTarball(folder, 100));
    proxy.setFaults(() => ({
      kind: 'status',
      status: 403,
      body: JSON.stringify({ message: 'x'.repeat(900) }),
    }));
    expect(await registry.put(upload, never)).toEqual({
      kind: 'refused',
      failure: { reason: 'registry-forbidden', facts: { name: upload.name, detail: 'x'.repeat(200) } },
    });
  });

  it.each([301, 302, 303, 307, 308] as const)(
    'does not follow a %i, and gives the token to nobody',
    async (status) => {
      const elsewhere = await startScripted((_request, response) => response.end('{}'));
      try {
        for (const to of [`${elsewhere.url}com.studio.x`, '/com.studio.other']) {
          proxy.clear();
          proxy.setFaults(({ count }) => (count === 1 ? { kind: 'redirect', status, to } : undefined));
          const answer = await registry.put(uploadOf(await makeTarball(folder, 100)), never);
          expect(answer).toMatchObject({
            kind: 'refused',
            failure: { reason: 'registry-rejected-package', facts: { status } },
          });
          expect(proxy.requests()).toHaveLength(1);
        }
        expect(elsewhere.seen).toEqual([]);
      } finally {
        await elsewhere.stop();
      }
    },
  );

  it('is certain that nothing was stored when there is no connection', async () => {
    const gone = await startScripted((_request, response) => response.end());
    await gone.stop();
    const closed = openRegistry({ url: gone.url, streamAboveBytes });
    const unknown = openRegistry({ url: 'http://no-such-host.invalid/', streamAboveBytes });
    const upload = uploadOf(await makeTarball(folder, 100));
    expect(await closed.put(upload, never)).toMatchObject({
      kind: 'busy',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await unknown.put(upload, never)).toMatchObject({ kind: 'busy' });
    await closed.stop();
    await unknown.stop();
  });

  it('stops when told to, with the reason it was given', async () => {
    proxy.setFaults(() => ({ kind: 'hang' }));
    const patient = openRegistry({ url: proxy.url, streamAboveBytes, putIdleTimeoutMs: 60_000 });
    const aborter = new AbortController();
    const reason = new Error('deadline');
    const putting = patient.put(uploadOf(await makeTarball(folder, 100)), aborter.signal);
    const outcome = putting.catch((error: unknown) => error);
    await expect.poll(() => proxy.requests().length, { interval: 5 }).toBe(1);
    aborter.abort(reason);
    expect(await outcome).toBe(reason);
    await expect(patient.put(uploadOf(await makeTarball(folder, 100)), aborter.signal)).rejects.toBe(reason);
    proxy.clear();
    expect(await patient.put(uploadOf(await makeTarball(folder, 100)), never)).toMatchObject({
      kind: 'credentials',
    });
    await patient.stop();
  });

  it('does not send a file that is not what was packed', async () => {
    const upload = uploadOf(await makeTarball(folder, 400_000));
    const longer = await makeTarball(folder, 400_000);
    await appendFile(longer.file, 'x');
    const other = await makeTarball(folder, 400_000);
    await expect(registry.put({ ...upload, tarball: longer }, never)).rejects.toThrow('not what was packed');
    const swapped = { ...upload.tarball, file: other.file };
    await expect(registry.put({ ...upload, tarball: swapped }, never)).rejects.toThrow('not what was packed');
    const gone = { ...upload.tarball, file: join(folder, 'gone.tgz') };
    await expect(registry.put({ ...upload, tarball: gone }, never)).rejects.toThrow('not what was packed');
    expect(await registry.findPackument(upload.name, never)).toBeUndefined();
  });

  it('carries a registry’s own limit to the person', async () => {
    const small = await startRegistry({
      folder: join(folder, `small-${streamAboveBytes}`),
      maxBodySize: '100kb',
    });
    const direct = openRegistry({ url: small.url, token: () => small.token, streamAboveBytes });
    const answer = await direct.put(uploadOf(await makeTarball(folder, 4_000_000)), never);
    expect(answer).toMatchObject({
      kind: 'refused',
      failure: { reason: 'registry-rejected-package', facts: { status: 413 } },
    });
    await direct.stop();
    await small.stop();
  });

  it('publishes names with capitals', async () => {
    const upload = uploadOf(await makeTarball(folder, 100), {
      name: `com.Studio.Tool${streamAboveBytes === 0 ? 'A' : 'B'}`,
    });
    expect(await registry.put(upload, never)).toEqual({ kind: 'accepted' });
    expect((await registry.findPackument(upload.name, never))?.versions.has('1.0.0')).toBe(true);
  });
});

describe('the two engines', () => {
  let recorder: ScriptedServer;
  beforeAll(async () => {
    recorder = await startScripted((_request, response) => response.writeHead(201).end('{"ok":"created"}'));
  });
  afterAll(async () => recorder.stop());

  it('send the same document', async () => {
    const fields = {
      displayName: 'Tool “ü”',
      description: 'It does',
      dependencies: { 'com.unity.core': '1.2.3' },
      keywords: ['a'],
      samples: [{ path: 'Samples~/x' }],
      unity: '2022.3',
      repository: { type: 'git', url: 'https://git.example/studio/tool.git' },
      bin: 'x.js',
      gitHead: 'f'.repeat(40),
    };
    const upload = uploadOf(await makeTarball(folder, 100_001), { name: newName(), distTag: 'beta', fields });
    for (const { streamAboveBytes } of engines) {
      const registry = openRegistry({ url: recorder.url, streamAboveBytes });
      expect(await registry.put(upload, never)).toEqual({ kind: 'accepted' });
      await registry.stop();
    }
    const [viaNpm, streamed] = recorder.bodies.map((body) => JSON.parse(body) as unknown);
    expect(streamed).toEqual(viaNpm);
    expect(viaNpm).toMatchObject({
      'dist-tags': { beta: '1.0.0' },
      versions: { '1.0.0': { ...fields, readme: '', dist: { integrity: upload.tarball.integrity } } },
    });
    expect(recorder.seen.map((request) => request.path)).toEqual([`/${upload.name}`, `/${upload.name}`]);
  });
});

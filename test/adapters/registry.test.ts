import { createHash } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry } from '../../sandbox/registry.ts';
import type { Registry } from '../../src/ports/registry.ts';
import { putFaults } from './put-faults.ts';
import { engines, makeTarball, openRegistry, startScripted, uploadOf } from './registry-fixtures.ts';
import { type RegistryWorld, startRegistryWorld } from './registry-world.ts';

const never = new AbortController().signal;
let world: RegistryWorld;

beforeAll(async () => {
  world = await startRegistryWorld();
});
afterEach(() => world.proxy.clear());
afterAll(async () => world.stop());

describe.each(engines)('putting a package by $engine', ({ streamAboveBytes }) => {
  let registry: Registry & { stop(): Promise<void> };
  let token: string;

  beforeAll(() => {
    token = world.verdaccio.token;
    registry = openRegistry({
      url: world.proxy.url,
      token: () => token,
      streamAboveBytes,
      putIdleTimeoutMs: 400,
    });
  });
  afterEach(() => {
    token = world.verdaccio.token;
  });
  afterAll(async () => registry.stop());

  it('stores exactly these bytes under the version and the dist-tag', async () => {
    for (const bytes of [1, 2, 3, 700_001]) {
      const tarball = await makeTarball(world.folder, bytes);
      const upload = uploadOf(tarball, { distTag: 'beta', fields: { description: 'Größe “x” </script>' } });
      expect(await registry.put(upload, never)).toEqual({ kind: 'accepted' });
      const stored = await world.readStored(upload.name);
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

  it('reports a version that exists as a conflict', async () => {
    const upload = uploadOf(await makeTarball(world.folder, 100));
    await registry.put(upload, never);
    expect(await registry.put(upload, never)).toEqual({ kind: 'conflict' });
    expect(await registry.put({ ...upload, tarball: await makeTarball(world.folder, 100) }, never)).toEqual({
      kind: 'conflict',
    });
  });

  it('uses the current token, and reports when it is refused', async () => {
    const upload = uploadOf(await makeTarball(world.folder, 100));
    token = 'no-such-token';
    expect(await registry.put(upload, never)).toMatchObject({ kind: 'credentials' });
    token = '';
    expect(await registry.put(upload, never)).toMatchObject({ kind: 'credentials' });
    token = world.verdaccio.token;
    expect(await registry.put(upload, never)).toEqual({ kind: 'accepted' });
    expect(world.proxy.requests().map((request) => request.authorization)).toEqual([
      'Bearer no-such-token',
      undefined,
      `Bearer ${world.verdaccio.token}`,
    ]);
  });

  it.each(putFaults)('interprets %s correctly', async (_what, fault, expected, isStored) => {
    const upload = uploadOf(await makeTarball(world.folder, 300_000));
    world.proxy.setFaults(() => fault);
    expect(await registry.put(upload, never)).toMatchObject(expected);
    expect(world.proxy.requests()).toHaveLength(1);
    world.proxy.clear();
    const stored = await registry.findPackument(upload.name, never);
    expect(stored?.versions.get('1.0.0')?.integrity).toBe(isStored ? upload.tarball.integrity : undefined);
  });

  it('does not trust an answer that was cut, even if its beginning can be read', async () => {
    const cutting = await startScripted((request, response) => {
      response.writeHead(201, { 'content-length': '100' });
      response.write('{"ok":"created"}', () => request.socket.destroy());
    });
    const cut = openRegistry({ url: cutting.url, streamAboveBytes });
    expect(await cut.put(uploadOf(await makeTarball(world.folder, 100)), never)).toMatchObject({
      kind: 'unclear',
    });
    await cut.stop();
    await cutting.stop();
  });

  it('names the package that a registry does not let us publish', async () => {
    const upload = uploadOf(await makeTarball(world.folder, 100));
    world.proxy.setFaults(() => ({
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
    'does not follow a %i, and sends the token to no other host',
    async (status) => {
      const elsewhere = await startScripted((_request, response) => response.end('{}'));
      try {
        for (const to of [`${elsewhere.url}com.studio.x`, '/com.studio.other']) {
          world.proxy.clear();
          world.proxy.setFaults(({ count }) => (count === 1 ? { kind: 'redirect', status, to } : undefined));
          const upload = uploadOf(await makeTarball(world.folder, 100));
          const origin = to.startsWith('/') ? 'another address of its own' : elsewhere.url.slice(0, -1);
          expect(await registry.put(upload, never)).toEqual({
            kind: 'refused',
            failure: { reason: 'registry-name-forwarded', facts: { name: upload.name, to: origin } },
          });
          expect(world.proxy.requests()).toHaveLength(1);
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
    const upload = uploadOf(await makeTarball(world.folder, 100));
    expect(await closed.put(upload, never)).toMatchObject({
      kind: 'busy',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
    expect(await unknown.put(upload, never)).toMatchObject({ kind: 'busy' });
    await closed.stop();
    await unknown.stop();
  });

  it('stops when told to, with the reason it was given', async () => {
    world.proxy.setFaults(() => ({ kind: 'hang' }));
    const patient = openRegistry({ url: world.proxy.url, streamAboveBytes, putIdleTimeoutMs: 60_000 });
    const aborter = new AbortController();
    const reason = new Error('deadline');
    const putting = patient.put(uploadOf(await makeTarball(world.folder, 100)), aborter.signal);
    const outcome = putting.catch((error: unknown) => error);
    await expect.poll(() => world.proxy.requests().length, { interval: 5 }).toBe(1);
    aborter.abort(reason);
    expect(await outcome).toBe(reason);
    await expect(patient.put(uploadOf(await makeTarball(world.folder, 100)), aborter.signal)).rejects.toBe(
      reason,
    );
    world.proxy.clear();
    expect(await patient.put(uploadOf(await makeTarball(world.folder, 100)), never)).toMatchObject({
      kind: 'credentials',
    });
    await patient.stop();
  });

  it('does not send a file that differs from what was packed', async () => {
    const upload = uploadOf(await makeTarball(world.folder, 400_000));
    const longer = await makeTarball(world.folder, 400_000);
    await appendFile(longer.file, 'x');
    const other = await makeTarball(world.folder, 400_000);
    await expect(registry.put({ ...upload, tarball: longer }, never)).rejects.toThrow('not what was packed');
    const swapped = { ...upload.tarball, file: other.file };
    await expect(registry.put({ ...upload, tarball: swapped }, never)).rejects.toThrow('not what was packed');
    const gone = { ...upload.tarball, file: join(world.folder, 'gone.tgz') };
    await expect(registry.put({ ...upload, tarball: gone }, never)).rejects.toThrow('not what was packed');
    expect(await registry.findPackument(upload.name, never)).toBeUndefined();
  });

  it('reports a registry’s own size limit to the person', async () => {
    const small = await startRegistry({
      folder: join(world.folder, `small-${streamAboveBytes}`),
      maxBodySize: '100kb',
    });
    const direct = openRegistry({ url: small.url, token: () => small.token, streamAboveBytes });
    const answer = await direct.put(uploadOf(await makeTarball(world.folder, 4_000_000)), never);
    expect(answer).toMatchObject({
      kind: 'refused',
      failure: { reason: 'registry-rejected-package', facts: { status: 413 } },
    });
    await direct.stop();
    await small.stop();
  });

  it('publishes names with capitals', async () => {
    const upload = uploadOf(await makeTarball(world.folder, 100), {
      name: `com.Studio.Tool${streamAboveBytes === 0 ? 'A' : 'B'}`,
    });
    expect(await registry.put(upload, never)).toEqual({ kind: 'accepted' });
    expect((await registry.findPackument(upload.name, never))?.versions.has('1.0.0')).toBe(true);
  });
});

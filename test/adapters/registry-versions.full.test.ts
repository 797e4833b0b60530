import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SandboxRegistry, startRegistry } from '../../sandbox/registry.ts';
import { findWhoseItIs } from '../../src/publisher/read-back.ts';
import { engines, makeTarball, newName, openRegistry, uploadOf } from './registry-fixtures.ts';

const never = new AbortController().signal;
/** Pinned by hash in a lockfile of their own: nobody else waits for these to be installed. */
const pinned = fileURLToPath(new URL('../registries', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-versions-'));
  await cp(pinned, folder, { recursive: true });
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
}, 1_200_000);
afterAll(async () => rm(folder, { recursive: true, force: true }));

async function open(alias: string): Promise<SandboxRegistry> {
  const { runServer } = createRequire(join(folder, 'index.js'))(alias) as {
    runServer: (config: never) => Promise<unknown>;
  };
  return startRegistry({ folder: join(folder, 'storage', alias), runServer });
}

describe.each([
  ['verdaccio-5', '5.33.0'],
  ['verdaccio-next', '9.0.0-next-9.31'],
])('%s (%s)', (alias) => {
  let verdaccio: SandboxRegistry;
  beforeAll(async () => {
    verdaccio = await open(alias);
  }, 60_000);
  afterAll(async () => verdaccio.stop());

  it.each(engines)('takes packages from $engine, and serves their bytes', async ({ streamAboveBytes }) => {
    const registry = openRegistry({ url: verdaccio.url, token: () => verdaccio.token, streamAboveBytes });
    await registry.probe(never);
    const name = newName();
    expect(await registry.findPackument(name, never)).toBeUndefined();
    const tarball = await makeTarball(folder, 700_001);
    const upload = uploadOf(tarball, { name, distTag: 'beta' });
    expect(await registry.put(upload, never)).toEqual({ kind: 'accepted' });
    const shown = (await registry.findPackument(name, never))?.versions.get('1.0.0');
    expect(shown?.integrity).toBe(tarball.integrity);
    if (shown === undefined) return;
    const ledger = { listIntents: async () => [{ name, version: '1.0.0', tarball } as never] };
    const found = await findWhoseItIs({ ledger, registry }, name, shown, never);
    expect(found).toMatchObject({ kind: 'ours', intent: { tarball } });
    expect(await registry.put(upload, never)).toEqual({ kind: 'conflict' });
    await registry.setDistTag(name, 'release-1.0', '1.0.0', never);
    const tags = (await registry.findPackument(name, never))?.distTags;
    expect(tags?.['release-1.0']).toBe('1.0.0');
    await registry.stop();
  });

  it('does not know another token', async () => {
    const registry = openRegistry({ url: verdaccio.url, token: () => 'no-such-token' });
    await expect(registry.probe(never)).rejects.toMatchObject({ kind: 'credentials' });
    const upload = uploadOf(await makeTarball(folder, 100));
    expect(await registry.put(upload, never)).toMatchObject({ kind: 'credentials' });
    await registry.stop();
  });
});

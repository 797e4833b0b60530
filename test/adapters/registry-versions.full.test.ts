import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { create } from 'tar';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SandboxRegistry, startRegistry } from '../../sandbox/registry.ts';
import type { Integrity } from '../../src/domain/package/packument.ts';
import type { Tarball } from '../../src/domain/package/tarball.ts';
import { findWhoseItIs } from '../../src/publisher/judge/read-back.ts';
import { engines, newName, openRegistry, uploadOf } from './registry-fixtures.ts';

const never = new AbortController().signal;
/** Lockfiles of their own pin these registries, so that nobody else waits for their installation. */
const pinned = fileURLToPath(new URL('../registries', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registry-versions-'));
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

/** Packs a real tarball: Verdaccio 9 reads what it receives, and answers 500 to anything but a gzipped tar. */
async function pack(bytes: number): Promise<Tarball> {
  const cwd = await mkdtemp(join(folder, 'package-'));
  await mkdir(join(cwd, 'package'));
  await writeFile(join(cwd, 'package', 'package.json'), '{}');
  await writeFile(join(cwd, 'package', 'data'), randomBytes(bytes));
  const file = join(cwd, 'out.tgz');
  await create({ cwd, file, gzip: true }, ['package']);
  const packed = await readFile(file);
  const integrity = `sha512-${createHash('sha512').update(packed).digest('base64')}` as Integrity;
  return { file, bytes: packed.length, integrity, shasum: createHash('sha1').update(packed).digest('hex') };
}

async function install(version: string): Promise<SandboxRegistry> {
  const cwd = join(folder, version);
  await cp(join(pinned, version), cwd, { recursive: true });
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd });
  const { runServer } = createRequire(join(cwd, 'index.js'))('verdaccio') as {
    runServer: (config: never) => Promise<unknown>;
  };
  return startRegistry({ folder: join(cwd, 'storage'), runServer });
}

describe.each([
  ['verdaccio-5', '5.33.0'],
  ['verdaccio-next', '9.0.0-next-9.31'],
])('the registry %s (%s)', (version) => {
  let verdaccio: SandboxRegistry;
  beforeAll(async () => {
    verdaccio = await install(version);
  }, 1_200_000);
  afterAll(async () => verdaccio.stop());

  it.each(engines)('accepts packages from $engine, and serves their bytes', async ({ streamAboveBytes }) => {
    const registry = openRegistry({ url: verdaccio.url, token: () => verdaccio.token, streamAboveBytes });
    await registry.probe(never);
    const name = newName();
    expect(await registry.findPackument(name, never)).toBeUndefined();
    const tarball = await pack(700_001);
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

  it('rejects another token', async () => {
    const registry = openRegistry({ url: verdaccio.url, token: () => 'no-such-token' });
    await expect(registry.probe(never)).rejects.toMatchObject({ kind: 'credentials' });
    const upload = uploadOf(await pack(100));
    expect(await registry.put(upload, never)).toMatchObject({ kind: 'credentials' });
    await registry.stop();
  });
});

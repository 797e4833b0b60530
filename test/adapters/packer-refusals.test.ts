import { randomBytes } from 'node:crypto';
import { readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildPacker } from '../../src/adapters/packing/packer.ts';
import { manifest, mebibyte, never, packer, pathsOf, usePackerWorld, world } from './packer-world.ts';
import { silent } from './registry-fixtures.ts';

usePackerWorld();

describe('a package that cannot be packed', () => {
  it.each([{ files: true }, { files: [3] }, { files: {} }, { files: [null] }])(
    'fails alone because of the field %j',
    async (fields) => {
      const folder = await world.stage({ 'a.txt': 'a' });
      await expect(world.pack(folder, fields)).rejects.toMatchObject({
        name: 'PublishError',
        failure: { reason: 'pack-failed' },
      });
      expect(pathsOf(await world.pack(folder))).toEqual(['a.txt', 'package.json']);
      expect(await readdir(join(world.home, 'out'))).toHaveLength(1);
    },
  );

  it.each([{ main: {} }, { bin: 'x' }, { browser: ['a'] }, { main: 7 }, { bin: [[]] }])(
    'does not include a package with the odd fields %j, which packs',
    async (fields) => {
      const folder = await world.stage({ 'a.txt': 'a' });
      expect(pathsOf(await world.pack(folder, fields))).toEqual(['a.txt', 'package.json']);
    },
  );

  it('states at least how large it is when it is over the limit, and leaves nothing behind', async () => {
    const folder = await world.stage({});
    await writeFile(join(folder, 'noise.bin'), randomBytes(3 * mebibyte));
    await expect(world.pack(folder, {}, { maxBytes: mebibyte })).rejects.toMatchObject({
      failure: { reason: 'tarball-too-large', facts: { sizeMb: 2, limitMb: 1 } },
    });
    expect(await readdir(join(world.home, 'out'))).toEqual([]);
    expect((await world.pack(folder, {}, { maxBytes: 4 * mebibyte })).tarball.bytes).toBeGreaterThan(
      3 * mebibyte,
    );
  });

  it('does not get the blame when the disk is full', async () => {
    const folder = await world.stage({ 'a.txt': 'a' });
    const outFile = join(world.home, 'full.tgz');
    await symlink('/dev/full', `${outFile}.tmp`);
    const request = {
      folder,
      manifest: { ...manifest, dependencies: {}, fields: manifest },
      outFile,
      maxBytes: mebibyte,
      always: [],
    };
    await expect(packer.pack(request, never)).rejects.toMatchObject({
      failure: { reason: 'disk-full' },
    });
  });

  it('does not end the process when it needs too much memory', async () => {
    const small = buildPacker({ threads: 1, timeoutMs: 20_000, memoryMb: 16, logger: silent });
    const folder = await world.stage({ 'a.txt': 'a' });
    const huge = { files: Array.from({ length: 400_000 }, (_, index) => `nothing-called-so-${index}`) };
    await expect(world.pack(folder, huge, { by: small })).rejects.toMatchObject({
      failure: { reason: 'packing-out-of-memory', facts: { memoryMb: 16, files: 2 } },
    });
    expect(pathsOf(await world.pack(folder, {}, { by: small }))).toEqual(['a.txt', 'package.json']);
    await small.stop();
  });

  it('is given up after the time limit', async () => {
    const hasty = buildPacker({ threads: 1, timeoutMs: 1, memoryMb: 128, logger: silent });
    await expect(world.pack(await world.stage({}), {}, { by: hasty })).rejects.toMatchObject({
      failure: { reason: 'packing-timed-out', facts: { seconds: 1, files: 1 } },
    });
    await hasty.stop();
  });

  it('gets a message that names what is missing without naming our folders', async () => {
    const error = await world.pack(join(world.home, 'nowhere')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ failure: { reason: 'pack-failed' } });
    expect(JSON.stringify(error)).not.toContain(world.home);
  });
});

describe('many packages that are packed at once', () => {
  it('wait for their turn on the available threads', async () => {
    const folders = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => world.stage({ 'a.txt': `${index}` })),
    );
    const packed = await Promise.all(folders.map(async (folder) => world.pack(folder)));
    expect(new Set(packed.map((one) => one.tarball.integrity)).size).toBe(12);
  });

  it('are packed although others were cancelled while they waited or ran', async () => {
    const one = buildPacker({ threads: 1, timeoutMs: 20_000, memoryMb: 128, logger: silent });
    const folder = await world.stage({ 'a.txt': 'a' });
    const aborter = new AbortController();
    const reason = new Error('deadline');
    const calledOff = [1, 2, 3].map(async () =>
      world.pack(folder, {}, { by: one, signal: aborter.signal }).catch((error: unknown) => error),
    );
    const last = world.pack(folder, {}, { by: one });
    setImmediate(() => aborter.abort(reason));
    expect(await Promise.all(calledOff)).toEqual([reason, reason, reason]);
    expect(pathsOf(await last)).toEqual(['a.txt', 'package.json']);
    await one.stop();
    await expect(world.pack(folder, {}, { by: one })).rejects.toThrow('worker stopped');
  });
});

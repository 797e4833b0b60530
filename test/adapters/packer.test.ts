import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildPacker } from '../../src/adapters/packer/packer.ts';
import type { Packed, Packer } from '../../src/ports/packer.ts';
import { silent } from './registry-fixtures.ts';

const mebibyte = 1024 * 1024;
const never = new AbortController().signal;
let packer: Packer;
let home: string;
let count = 0;

beforeAll(() => {
  packer = buildPacker({ threads: 2, timeoutMs: 20_000, memoryMb: 128, logger: silent });
});
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'packer-test-'));
});
afterEach(async () => rm(home, { recursive: true, force: true }));
afterAll(async () => packer.stop());

const manifest = { name: 'com.studio.tool', version: '1.0.0' };

async function stage(files: Readonly<Record<string, string>>): Promise<string> {
  count += 1;
  const folder = join(home, `staged-${count}`);
  const all = { 'package.json': JSON.stringify(manifest), ...files };
  for (const [path, contents] of Object.entries(all)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), contents);
  }
  return folder;
}

async function pack(
  folder: string,
  fields: Readonly<Record<string, unknown>> = {},
  options: { readonly by?: Packer; readonly maxBytes?: number; readonly signal?: AbortSignal } = {},
): Promise<Packed> {
  const { by = packer, maxBytes = 10 * mebibyte, signal = never } = options;
  await mkdir(join(home, 'out'), { recursive: true });
  count += 1;
  const outFile = join(home, 'out', `${count}.tgz`);
  const request = {
    manifest: { ...manifest, dependencies: {}, fields: { ...manifest, ...fields } },
    outFile,
  };
  return by.pack({ folder, maxBytes, ...request }, signal);
}

function listTar(file: string): readonly string[] {
  const listed = execFileSync('tar', ['--quoting-style=literal', '-tzf', file], { encoding: 'utf8' });
  return listed.split('\n').filter((line) => line !== '');
}

function pathsOf(packed: Packed): readonly string[] {
  return packed.entries.map((entry) => entry.path);
}

describe('packing', () => {
  it('gives the bytes, hashes and entries that lie on disk', async () => {
    const packed = await pack(await stage({ 'Runtime/a.cs': 'class A {}', 'Runtime/a.cs.meta': 'guid: 1' }));
    const data = await readFile(packed.tarball.file);
    expect(packed.tarball.bytes).toBe(data.length);
    expect(packed.tarball.integrity).toBe(`sha512-${createHash('sha512').update(data).digest('base64')}`);
    expect(packed.tarball.shasum).toBe(createHash('sha1').update(data).digest('hex'));
    expect(packed.entries).toEqual([
      { path: 'Runtime/a.cs', bytes: 10 },
      { path: 'Runtime/a.cs.meta', bytes: 7 },
      { path: 'package.json', bytes: JSON.stringify(manifest).length },
    ]);
    expect(listTar(packed.tarball.file)).toEqual([
      'package/package.json',
      'package/Runtime/a.cs',
      'package/Runtime/a.cs.meta',
    ]);
    expect(await readdir(dirname(packed.tarball.file))).toHaveLength(1);
  });

  it('makes the same bytes of the same files, whatever their times, modes, order and links', async () => {
    const files = { 'b.txt': 'same', 'a.txt': 'same', 'deep/er/c.txt': 'c' };
    const first = await stage(files);
    const second = await stage(Object.fromEntries(Object.entries(files).toReversed()));
    await utimes(join(second, 'a.txt'), 1, 1);
    await chmod(join(second, 'a.txt'), 0o755);
    await chmod(join(second, 'deep/er/c.txt'), 0o600);
    await rm(join(second, 'b.txt'));
    await link(join(second, 'a.txt'), join(second, 'b.txt'));
    const [one, two] = [await pack(first), await pack(second)];
    expect(two.tarball.integrity).toBe(one.tarball.integrity);
    expect(await readFile(two.tarball.file)).toEqual(await readFile(one.tarball.file));
    const long = execFileSync('tar', ['-tvzf', two.tarball.file], { encoding: 'utf8', env: { TZ: 'UTC' } });
    expect(long.trim().split('\n')).toHaveLength(4);
    for (const line of long.trim().split('\n')) expect(line).toMatch(/^-rw-r--r-- 0\/0 .* 1985-10-26 08:15 /);
  });

  it('changes the bytes when a file changes', async () => {
    const one = await pack(await stage({ 'a.txt': '1' }));
    const two = await pack(await stage({ 'a.txt': '2' }));
    expect(two.tarball.integrity).not.toBe(one.tarball.integrity);
  });

  it('ships what npm would: `files` first, else .npmignore, never .npmrc', async () => {
    const files = {
      '.npmrc': 'token',
      '.npmignore': 'Tests~/\n*.psd',
      'art.psd': 'x',
      'Runtime/a.cs': 'x',
      'Runtime/.npmrc': 'token',
      'Tests~/t.cs': 'x',
      'README.md': 'x',
      'old.orig': 'x',
    };
    const folder = await stage(files);
    expect(pathsOf(await pack(folder))).toEqual(['README.md', 'Runtime/a.cs', 'package.json']);
    expect(pathsOf(await pack(folder, { files: ['Runtime', '.npmrc'] }))).toEqual([
      'README.md',
      'Runtime/a.cs',
      'package.json',
    ]);
    expect(pathsOf(await pack(folder, { files: ['art.psd'] }))).toEqual([
      'README.md',
      'art.psd',
      'package.json',
    ]);
  });

  it('ships what npm’s own pack lists', async () => {
    const folder = await stage({
      'Runtime/a.cs': 'x',
      'Runtime/a.cs.meta': 'x',
      'Samples~/Demo/scene.unity': 'x',
      'Documentation~/index.md': 'x',
      'CHANGELOG.md': 'x',
      '.gitignore': '*.log',
      'debug.log': 'x',
      LICENSE: 'x',
    });
    const json = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [theirs] = Object.values(JSON.parse(json) as Record<string, { files: { path: string }[] }>);
    const expected = (theirs?.files ?? []).map((file) => file.path).toSorted();
    expect(expected).toContain('Runtime/a.cs.meta');
    expect([...pathsOf(await pack(folder))].toSorted()).toEqual(expected);
  });

  it.each([
    'a b.txt',
    '@scope.txt',
    '@folder/file.txt',
    'quote"\'`$&;.txt',
    'größe/日本/😀.txt',
    '-rf.txt',
    '#hash!bang.txt',
    'back\\slash.txt',
    '[brackets]{braces}.txt',
    `${'long/'.repeat(40)}path.txt`,
  ])('keeps the path %s as it is', async (path) => {
    const packed = await pack(await stage({ [path]: path }));
    expect(pathsOf(packed)).toContain(path);
    expect(listTar(packed.tarball.file)).toContain(`package/${path}`);
    const contents = execFileSync(
      'tar',
      ['-xzOf', packed.tarball.file, '--no-wildcards', `package/${path}`],
      {
        encoding: 'utf8',
      },
    );
    expect(contents).toBe(path);
  });

  it('follows no link out of the folder, and no rule that a field smuggles in', async () => {
    const secrets = await stage({ 'secret.txt': 'host secret', 'node_modules/dep/index.js': 'host secret' });
    const folder = await stage({ 'a.txt': 'a', '.npmrc': 'token' });
    await symlink(join(secrets, 'secret.txt'), join(folder, 'link.txt'));
    await symlink(secrets, join(folder, 'linked'));
    await symlink(join(secrets, 'node_modules'), join(folder, 'node_modules'));
    for (const fields of [
      {},
      { files: ['**', 'linked/secret.txt', 'linked', `../${secrets}/**`, '../**', '/etc/hostname'] },
      { bundleDependencies: ['dep'], bundledDependencies: ['dep'], dependencies: { dep: '1.0.0' } },
      { bundleDependencies: true, main: 'linked/secret.txt', bin: { x: '../../../etc/hostname' } },
      { main: 'x\n!node_modules\n!node_modules/**\n!.npmrc\n!/.npmrc\n!link.txt' },
    ]) {
      const packed = await pack(folder, fields);
      expect(pathsOf(packed)).toEqual(['a.txt', 'package.json']);
      expect(listTar(packed.tarball.file)).toEqual(['package/package.json', 'package/a.txt']);
    }
  });

  it('packs no installed modules, bundled or not', async () => {
    const folder = await stage({ 'node_modules/dep/index.js': 'x', 'node_modules/dep/package.json': '{}' });
    const packed = await pack(folder, { bundleDependencies: ['dep'], main: 'node_modules/dep/index.js' });
    expect(pathsOf(packed)).toEqual(['package.json']);
  });
});

describe('a package that cannot be packed', () => {
  it.each([{ files: true }, { files: [3] }, { files: {} }, { files: [null] }])(
    'fails alone: %j',
    async (fields) => {
      const folder = await stage({ 'a.txt': 'a' });
      await expect(pack(folder, fields)).rejects.toMatchObject({
        name: 'PublishError',
        failure: { reason: 'pack-failed' },
      });
      expect(pathsOf(await pack(folder))).toEqual(['a.txt', 'package.json']);
      expect(await readdir(join(home, 'out'))).toHaveLength(1);
    },
  );

  it.each([{ main: {} }, { bin: 'x' }, { browser: ['a'] }, { main: 7 }, { bin: [[]] }])(
    'or packs in spite of odd fields: %j',
    async (fields) => {
      const folder = await stage({ 'a.txt': 'a' });
      expect(pathsOf(await pack(folder, fields))).toEqual(['a.txt', 'package.json']);
    },
  );

  it('says how large it is at least when it is over the limit, and leaves nothing behind', async () => {
    const folder = await stage({});
    await writeFile(join(folder, 'noise.bin'), randomBytes(3 * mebibyte));
    await expect(pack(folder, {}, { maxBytes: mebibyte })).rejects.toMatchObject({
      failure: { reason: 'tarball-too-large', facts: { sizeMb: 2, limitMb: 1 } },
    });
    expect(await readdir(join(home, 'out'))).toEqual([]);
    expect((await pack(folder, {}, { maxBytes: 4 * mebibyte })).tarball.bytes).toBeGreaterThan(3 * mebibyte);
  });

  it('is not the package’s fault when the disk is full', async () => {
    const folder = await stage({ 'a.txt': 'a' });
    const outFile = join(home, 'full.tgz');
    await symlink('/dev/full', `${outFile}.tmp`);
    const request = {
      folder,
      manifest: { ...manifest, dependencies: {}, fields: manifest },
      outFile,
      maxBytes: mebibyte,
    };
    await expect(packer.pack(request, never)).rejects.toMatchObject({ failure: { reason: 'disk-full' } });
  });

  it('does not take the process with it when it needs too much memory', async () => {
    const small = buildPacker({ threads: 1, timeoutMs: 20_000, memoryMb: 16, logger: silent });
    const folder = await stage({ 'a.txt': 'a' });
    const huge = { files: Array.from({ length: 400_000 }, (_, index) => `nothing-called-so-${index}`) };
    await expect(pack(folder, huge, { by: small })).rejects.toMatchObject({
      failure: { reason: 'pack-failed', facts: { problem: 'it needs more than 16 MB of memory' } },
    });
    expect(pathsOf(await pack(folder, {}, { by: small }))).toEqual(['a.txt', 'package.json']);
    await small.stop();
  });

  it('is given up after its time', async () => {
    const hasty = buildPacker({ threads: 1, timeoutMs: 1, memoryMb: 128, logger: silent });
    await expect(pack(await stage({}), {}, { by: hasty })).rejects.toMatchObject({
      failure: { reason: 'pack-failed', facts: { problem: 'it took longer than 0 s' } },
    });
    await hasty.stop();
  });

  it('names what is missing without naming our folders', async () => {
    const error = await pack(join(home, 'nowhere')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ failure: { reason: 'pack-failed' } });
    expect(JSON.stringify(error)).not.toContain(home);
  });
});

describe('many packages', () => {
  it('wait their turn on the threads there are', async () => {
    const folders = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => stage({ 'a.txt': `${index}` })),
    );
    const packed = await Promise.all(folders.map(async (folder) => pack(folder)));
    expect(new Set(packed.map((one) => one.tarball.integrity)).size).toBe(12);
  });

  it('are packed although others were called off, waiting or running', async () => {
    const one = buildPacker({ threads: 1, timeoutMs: 20_000, memoryMb: 128, logger: silent });
    const folder = await stage({ 'a.txt': 'a' });
    const aborter = new AbortController();
    const reason = new Error('deadline');
    const calledOff = [1, 2, 3].map(async () =>
      pack(folder, {}, { by: one, signal: aborter.signal }).catch((error: unknown) => error),
    );
    const last = pack(folder, {}, { by: one });
    setImmediate(() => aborter.abort(reason));
    expect(await Promise.all(calledOff)).toEqual([reason, reason, reason]);
    expect(pathsOf(await last)).toEqual(['a.txt', 'package.json']);
    await one.stop();
    await expect(pack(folder, {}, { by: one })).rejects.toThrow('worker stopped');
  });
});

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, link, readdir, readFile, rm, symlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listTar, manifest, pathsOf, usePackerWorld, world } from './packer-world.ts';

usePackerWorld();

describe('packing a package', () => {
  it('gives the bytes, hashes and entries that are on disk', async () => {
    const packed = await world.pack(
      await world.stage({ 'Runtime/a.cs': 'class A {}', 'Runtime/a.cs.meta': 'guid: 1' }),
    );
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
    const first = await world.stage(files);
    const second = await world.stage(Object.fromEntries(Object.entries(files).toReversed()));
    await utimes(join(second, 'a.txt'), 1, 1);
    await chmod(join(second, 'a.txt'), 0o755);
    await chmod(join(second, 'deep/er/c.txt'), 0o600);
    await rm(join(second, 'b.txt'));
    await link(join(second, 'a.txt'), join(second, 'b.txt'));
    const [one, two] = [await world.pack(first), await world.pack(second)];
    expect(two.tarball.integrity).toBe(one.tarball.integrity);
    expect(await readFile(two.tarball.file)).toEqual(await readFile(one.tarball.file));
    const long = execFileSync('tar', ['-tvzf', two.tarball.file], { encoding: 'utf8', env: { TZ: 'UTC' } });
    expect(long.trim().split('\n')).toHaveLength(4);
    for (const line of long.trim().split('\n')) expect(line).toMatch(/^-rw-r--r-- 0\/0 .* 1985-10-26 08:15 /);
  });

  it('changes the bytes when a file changes', async () => {
    const one = await world.pack(await world.stage({ 'a.txt': '1' }));
    const two = await world.pack(await world.stage({ 'a.txt': '2' }));
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
    const folder = await world.stage(files);
    expect(pathsOf(await world.pack(folder))).toEqual(['README.md', 'Runtime/a.cs', 'package.json']);
    expect(pathsOf(await world.pack(folder, { files: ['Runtime', '.npmrc'] }))).toEqual([
      'README.md',
      'Runtime/a.cs',
      'package.json',
    ]);
    expect(pathsOf(await world.pack(folder, { files: ['art.psd'] }))).toEqual([
      'README.md',
      'art.psd',
      'package.json',
    ]);
  });

  it('ships what `npm pack` lists', async () => {
    const folder = await world.stage({
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
    expect([...pathsOf(await world.pack(folder))].toSorted()).toEqual(expected);
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
    const packed = await world.pack(await world.stage({ [path]: path }));
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

  it('follows no link out of the folder, and no rule smuggled into a field', async () => {
    const secrets = await world.stage({
      'secret.txt': 'host secret',
      'node_modules/dep/index.js': 'host secret',
    });
    const folder = await world.stage({ 'a.txt': 'a', '.npmrc': 'token' });
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
      const packed = await world.pack(folder, fields);
      expect(pathsOf(packed)).toEqual(['a.txt', 'package.json']);
      expect(listTar(packed.tarball.file)).toEqual(['package/package.json', 'package/a.txt']);
    }
  });

  it('packs no installed modules, bundled or not', async () => {
    const folder = await world.stage({
      'node_modules/dep/index.js': 'x',
      'node_modules/dep/package.json': '{}',
    });
    const packed = await world.pack(folder, {
      bundleDependencies: ['dep'],
      main: 'node_modules/dep/index.js',
    });
    expect(pathsOf(packed)).toEqual(['package.json']);
  });
});

import { link, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeFiles } from '../../../src/adapters/packing/change-files.ts';

let outside: string;
let folder: string;

beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), 'change-'));
  folder = join(outside, 'package');
  await mkdir(join(folder, 'Runtime'), { recursive: true });
  await writeFile(join(folder, 'Runtime/A.cs'), 'a');
  await writeFile(join(outside, 'secret'), 'secret');
});
afterEach(async () => rm(outside, { recursive: true }));

describe('changes of staged files', () => {
  it('are made one after the other, and missing folders are created', async () => {
    await changeFiles(folder, [
      { kind: 'written', path: 'Editor/Deep/B.cs.meta', content: 'b' },
      { kind: 'moved', path: 'Runtime/A.cs', to: 'Samples~/Demo/A.cs' },
      { kind: 'deleted', path: 'Editor/Deep/B.cs.meta' },
    ]);
    expect(await readdir(join(folder, 'Editor/Deep'))).toEqual([]);
    expect(await readdir(join(folder, 'Runtime'))).toEqual([]);
    expect(await readFile(join(folder, 'Samples~/Demo/A.cs'), 'utf8')).toBe('a');
  });

  it('replace a file, so that hard links outside keep the old content', async () => {
    await link(join(outside, 'secret'), join(folder, 'linked'));
    await symlink(join(outside, 'secret'), join(folder, 'symbolic'));
    await changeFiles(folder, [
      { kind: 'written', path: 'linked', content: 'ours' },
      { kind: 'written', path: 'symbolic', content: 'ours' },
    ]);
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret');
    expect(await readFile(join(folder, 'symbolic'), 'utf8')).toBe('ours');
  });

  it.each([
    '../secret',
    '/etc/passwd',
    'Runtime/../../secret',
    './A.cs',
    '',
    'Runtime//A.cs',
    'a\\b',
    'a\0b',
  ])('never leave the folder, whatever a path says: %j', async (path) => {
    const refused = { failure: { reason: 'pack-failed' } };
    await expect(changeFiles(folder, [{ kind: 'deleted', path }])).rejects.toMatchObject(refused);
    await expect(changeFiles(folder, [{ kind: 'written', path, content: 'x' }])).rejects.toMatchObject(
      refused,
    );
    const moved = { kind: 'moved', path: 'Runtime/A.cs', to: path } as const;
    await expect(changeFiles(folder, [moved])).rejects.toMatchObject(refused);
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret');
    expect(await readdir(outside)).toEqual(['package', 'secret']);
  });

  it('do not follow a folder that links elsewhere', async () => {
    await symlink(outside, join(folder, 'Elsewhere'));
    const written = { kind: 'written', path: 'Elsewhere/secret', content: 'x' } as const;
    await expect(changeFiles(folder, [written])).rejects.toMatchObject({
      failure: { reason: 'pack-failed' },
    });
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret');
  });

  it('fail the package when they cannot be made', async () => {
    const refused = { failure: { reason: 'pack-failed' } };
    const gone = { kind: 'deleted', path: 'Runtime/Gone.cs' } as const;
    await expect(changeFiles(folder, [gone])).rejects.toMatchObject(refused);
    const overFolder = { kind: 'written', path: 'Runtime', content: 'x' } as const;
    await expect(changeFiles(folder, [overFolder])).rejects.toMatchObject(refused);
    const belowFile = { kind: 'written', path: 'Runtime/A.cs/x', content: 'x' } as const;
    await expect(changeFiles(folder, [belowFile])).rejects.toMatchObject(refused);
  });
});

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDiskWorkspace, type WorkspaceLimits } from '../../../src/adapters/packing/disk-workspace.ts';
import { buildDataVolume, type VolumeSpace } from '../../../src/adapters/system/data-volume.ts';
import type { Workspace } from '../../../src/ports/packing.ts';

const day = 24 * 60 * 60_000;
const now = Date.parse('2027-03-01T00:00:00Z');
const never = new AbortController().signal;

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'workspace-'));
});
afterEach(async () => {
  await rm(dataDir, { recursive: true });
});

async function open(limits: Partial<WorkspaceLimits> = {}): Promise<Workspace> {
  const volume = buildDataVolume({ folder: dataDir });
  const usual = { foldersAtOnce: 2, maxTarballBytes: 250, now: () => now, volume };
  return openDiskWorkspace(dataDir, { ...usual, ...limits });
}

const ofSize = (space: VolumeSpace) => buildDataVolume({ folder: dataDir, measure: async () => space });

async function keepTarball(name: string, ageMs: number): Promise<string> {
  const file = join(dataDir, 'tarballs', name);
  await mkdir(join(dataDir, 'tarballs'), { recursive: true });
  await writeFile(file, Buffer.alloc(100));
  await utimes(file, (now - ageMs) / 1000, (now - ageMs) / 1000);
  return file;
}

describe('work folders on the disk', () => {
  it('are limited in number; the next caller waits until one is removed', async () => {
    const workspace = await open();
    const first = await workspace.createFolder(never);
    await workspace.createFolder(never);
    let isOpen = false;
    const third = workspace.createFolder(never).then((folder) => {
      isOpen = true;
      return folder;
    });
    expect(await readdir(join(dataDir, 'work'))).toHaveLength(2);
    expect(isOpen).toBe(false);
    await first.remove();
    expect(existsSync((await third).folder)).toBe(true);
  });

  it('free their place once, however often they are removed', async () => {
    const workspace = await open({ foldersAtOnce: 1 });
    const first = await workspace.createFolder(never);
    await first.remove();
    await first.remove();
    await workspace.createFolder(never);
    const stop = new AbortController();
    const next = workspace.createFolder(stop.signal);
    stop.abort(new Error('cancelled'));
    await expect(next).rejects.toThrow('cancelled');
  });

  it('are refused with disk-full before the database’s reserve is taken, and granted again after that', async () => {
    const space = { freeBytes: 100 * 1024 ** 2, totalBytes: 1024 ** 4 };
    const workspace = await open({ foldersAtOnce: 1, volume: ofSize(space) });
    await expect(workspace.createFolder(never)).rejects.toMatchObject({ failure: { reason: 'disk-full' } });
    space.freeBytes = 1024 ** 3;
    await (await workspace.createFolder(never)).remove();
  });

  it('are granted on a small volume too, down to a twentieth of it', async () => {
    const space = { freeBytes: 10 * 1024 ** 2, totalBytes: 100 * 1024 ** 2 };
    const workspace = await open({ volume: ofSize(space) });
    await (await workspace.createFolder(never)).remove();
    space.freeBytes = 4 * 1024 ** 2;
    await expect(workspace.createFolder(never)).rejects.toMatchObject({ failure: { reason: 'disk-full' } });
  });

  it('of a killed process are removed, and so are its unfinished tarballs', async () => {
    await mkdir(join(dataDir, 'work', 'package-old'), { recursive: true });
    const [unfinished, finished] = [await keepTarball('a.tgz.tmp', 0), await keepTarball('a.tgz', 0)];
    await open();
    expect(await readdir(join(dataDir, 'work'))).toEqual([]);
    expect([existsSync(unfinished), existsSync(finished)]).toEqual([false, true]);
  });
});

describe('tarballs that are kept on the disk', () => {
  it('beyond their limit are deleted, the oldest first', async () => {
    const oldest = await keepTarball('1.tgz', 5 * day);
    const others = [await keepTarball('2.tgz', 4 * day), await keepTarball('3.tgz', 3 * day)];
    await (await open()).createFolder(never);
    expect(existsSync(oldest)).toBe(false);
    expect(others.map((file) => existsSync(file))).toEqual([true, true]);
  });

  it('of the last day stay, whatever room they take, because their upload may be under way', async () => {
    for (const name of ['1', '2', '3', '4']) await keepTarball(`${name}.tgz`, day / 2);
    await (await open()).createFolder(never);
    expect(await readdir(join(dataDir, 'tarballs'))).toHaveLength(4);
  });
});

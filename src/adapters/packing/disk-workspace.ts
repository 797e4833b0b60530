import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Tarball } from '../../domain/package/tarball.ts';
import type { StagingFolder, Workspace } from '../../ports/packing.ts';
import type { Volume } from '../../ports/system.ts';
import { onDisk } from '../system/disk-trouble.ts';
import { buildTurns } from '../system/turns.ts';
import { changeFiles } from './change-files.ts';

export interface WorkspaceLimits {
  /**
   * Maximum number of open work folders over all jobs; times the size limit of one folder, it bounds the disk space.
   */
  readonly foldersAtOnce: number;
  /** Limit for all kept tarballs together; above it the oldest are deleted, except those of the last day. */
  readonly maxTarballBytes: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Checked before each new folder. */
  readonly volume: Volume;
}

/** An upload may become visible minutes later, and the attempts of a job follow one another within hours. */
const tarballKeptMs = 24 * 60 * 60_000;

/**
 * Opens `<dataDir>/work` (emptied, since only a dead process can have left anything there) and `<dataDir>/tarballs`.
 */
export async function openDiskWorkspace(dataDir: string, limits: WorkspaceLimits): Promise<Workspace> {
  const work = join(dataDir, 'work');
  const tarballs = join(dataDir, 'tarballs');
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true, mode: 0o700 });
  await mkdir(tarballs, { recursive: true, mode: 0o700 });
  await removeUnfinished(tarballs);
  const takeTurn = buildTurns(limits.foldersAtOnce);
  return {
    createFolder: async (signal) => {
      const pass = await takeTurn(signal);
      try {
        await onDisk(async () => trimTarballs(tarballs, limits));
        await limits.volume.check();
        const folder = await onDisk(async () => mkdtemp(join(work, 'package-')));
        return openFolder(folder, pass);
      } catch (error) {
        pass();
        throw error;
      }
    },
    newTarballFile: () => join(tarballs, `${randomUUID()}.tgz`),
    isIntact: async (tarball) => onDisk(async () => isIntact(tarball)),
    removeTarball: async (tarball) => onDisk(async () => rm(tarball.file, { force: true })),
  };
}

function openFolder(folder: string, onRemoved: () => void): StagingFolder {
  return {
    folder,
    read: async (path) => onDisk(async () => readFile(join(folder, path))),
    write: async (path, content) =>
      onDisk(async () => writeFile(join(folder, path), content, { flag: 'wx', mode: 0o644 })),
    change: async (changes) => onDisk(async () => changeFiles(folder, changes)),
    remove: async () => {
      try {
        await onDisk(async () => rm(folder, { recursive: true, force: true }));
      } finally {
        onRemoved();
      }
    },
  };
}

/** Removes temporary files of a process that was killed while packing; no record refers to them. */
async function removeUnfinished(folder: string): Promise<void> {
  const names = await readdir(folder);
  for (const name of names.filter((item) => item.endsWith('.tmp')))
    await rm(join(folder, name), { force: true });
}

/**
 * Deletes the oldest tarballs. A deleted tarball is packed again when needed; an uploaded copy is recognised by its
 * integrity.
 */
async function trimTarballs(folder: string, limits: WorkspaceLimits): Promise<void> {
  const kept = await listByAge(folder);
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  const before = limits.now() - tarballKeptMs;
  for (const { file, bytes, writtenAt } of kept) {
    if (total <= limits.maxTarballBytes || writtenAt >= before) return;
    await rm(file, { force: true });
    total -= bytes;
  }
}

async function listByAge(folder: string) {
  const found: { readonly file: string; readonly bytes: number; readonly writtenAt: number }[] = [];
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const known = await stat(file).catch(() => undefined);
    if (known !== undefined) found.push({ file, bytes: known.size, writtenAt: known.mtimeMs });
  }
  return found.toSorted((a, b) => a.writtenAt - b.writtenAt);
}

async function isIntact(tarball: Tarball): Promise<boolean> {
  const found = await stat(tarball.file).catch(() => undefined);
  if (found === undefined || found.size !== tarball.bytes) return false;
  const hash = createHash('sha512');
  await pipeline(createReadStream(tarball.file), hash);
  return `sha512-${hash.digest('base64')}` === tarball.integrity;
}

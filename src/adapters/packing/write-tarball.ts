import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, lstatSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PackSync } from 'tar';
import type { Integrity } from '../../domain/package/packument.ts';
import type { PackedEntry, Tarball } from '../../domain/package/tarball.ts';
import type { PackTask } from './pack-task.ts';

/** Thrown as soon as the tarball exceeds its size limit. */
export class TooLarge extends Error {
  readonly bytes: number;
  constructor(bytes: number) {
    super('larger than allowed');
    this.name = 'TooLarge';
    this.bytes = bytes;
  }
}

/** The modification time that npm gives all files. */
const mtime = new Date('1985-10-26T08:15:00.000Z');
const regularFileMode = 0o100644;

/**
 * Writes the tarball under a temporary name, fsyncs it, renames it, and fsyncs its folder. Synchronous, because this
 * thread does nothing else, and the thread pool took twice as long for packages of many small files.
 */
export function writeTarball(task: PackTask, entries: readonly PackedEntry[]): Tarball {
  const sha512 = createHash('sha512');
  const sha1 = createHash('sha1');
  let bytes = 0;
  const file = openSync(task.temporaryFile, 'w', 0o600);
  try {
    packInto(task.folder, entries, (chunk) => {
      bytes += chunk.length;
      if (bytes > task.maxBytes) throw new TooLarge(bytes);
      sha512.update(chunk);
      sha1.update(chunk);
      // Not writeSync: on a full disk it writes only a part and reports no error.
      writeFileSync(file, chunk);
    });
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(task.temporaryFile, task.outFile);
  syncFolder(dirname(task.outFile));
  const integrity = `sha512-${sha512.digest('base64')}` as Integrity;
  return { file: task.outFile, bytes, integrity, shasum: sha1.digest('hex') };
}

/** Fsyncs the folder, so that a rename survives a power failure. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Throws the error of `write`. */
function packInto(folder: string, entries: readonly PackedEntry[], write: (chunk: Buffer) => void): void {
  const statCache = new Map();
  for (const { path } of entries) {
    const file = join(folder, path);
    const found = lstatSync(file);
    // A hard link would otherwise be packed as a link entry, and the file's own mode would change the bytes.
    found.nlink = 1;
    found.mode = regularFileMode;
    statCache.set(file, found);
  }
  const pack = new PackSync({
    cwd: folder,
    prefix: 'package/',
    portable: true,
    gzip: { level: 9 },
    mtime,
    noDirRecurse: true,
    follow: false,
    strict: true,
    statCache,
  });
  pack.on('data', write);
  for (const { path } of entries) pack.add(`./${path}`);
  pack.end();
}

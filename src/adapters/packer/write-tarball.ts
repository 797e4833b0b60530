import { createHash } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import type { Integrity } from '../../domain/packument.ts';
import type { PackedEntry, Tarball } from '../../domain/tarball.ts';
import type { PackTask } from './pack-task.ts';

/** Thrown as soon as the tarball is larger than allowed. */
export class TooLarge extends Error {
  readonly bytes: number;
  constructor(bytes: number) {
    super('larger than allowed');
    this.name = 'TooLarge';
    this.bytes = bytes;
  }
}

/** The date npm writes. */
const mtime = new Date('1985-10-26T08:15:00.000Z');
const regularFileMode = 0o100644;

/** Writes the tarball under a temporary name, fsyncs it, renames it, fsyncs its folder. */
export async function writeTarball(task: PackTask, entries: readonly PackedEntry[]): Promise<Tarball> {
  const sha512 = createHash('sha512');
  const sha1 = createHash('sha1');
  let bytes = 0;
  const handle = await open(task.temporaryFile, 'w', 0o600);
  try {
    for await (const chunk of openTar(task.folder, entries)) {
      bytes += chunk.length;
      if (bytes > task.maxBytes) throw new TooLarge(bytes);
      sha512.update(chunk);
      sha1.update(chunk);
      await writeAll(handle, chunk);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(task.temporaryFile, task.outFile);
  const folder = await open(dirname(task.outFile), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  const integrity = `sha512-${sha512.digest('base64')}` as Integrity;
  return { file: task.outFile, bytes, integrity, shasum: sha1.digest('hex') };
}

function openTar(folder: string, entries: readonly PackedEntry[]): AsyncIterable<Buffer> {
  const statCache = new Map();
  for (const { path } of entries) {
    const file = join(folder, path);
    const found = lstatSync(file);
    // Two names of one file would become a link entry; the mode would change the bytes.
    found.nlink = 1;
    found.mode = regularFileMode;
    statCache.set(file, found);
  }
  return create(
    {
      cwd: folder,
      prefix: 'package/',
      portable: true,
      gzip: { level: 9 },
      mtime,
      noDirRecurse: true,
      follow: false,
      strict: true,
      statCache,
    },
    // A leading @ would name an archive to include.
    entries.map(({ path }) => `./${path}`),
  ) as AsyncIterable<Buffer>;
}

async function writeAll(handle: Awaited<ReturnType<typeof open>>, chunk: Buffer): Promise<void> {
  for (let at = 0; at < chunk.length; ) at += (await handle.write(chunk, at)).bytesWritten;
}

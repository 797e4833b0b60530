import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { ArchiveDamagedError, type AuditArchive } from '../../ports/audit.ts';

/** The file operations that an archive needs. */
export interface ArchiveDisk {
  /** Creates the folder if it does not exist. */
  makeFolder(folder: string): Promise<void>;
  /** Replaces the file, which is on disk (fsynced) when the promise resolves. */
  write(file: string, content: AsyncIterable<Buffer>): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(file: string): Promise<void>;
  /** Called after a rename, so that the new name survives a power failure too. */
  syncFolder(folder: string): Promise<void>;
  read(file: string): AsyncIterable<Buffer>;
}

export const localDisk: ArchiveDisk = {
  makeFolder: async (folder) => void (await mkdir(folder, { recursive: true, mode: 0o700 })),
  write: async (file, content) => {
    const handle = await open(file, 'w', 0o600);
    try {
      for await (const chunk of content) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  rename,
  remove: async (file) => rm(file, { force: true }),
  syncFolder: async (folder) => {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  read: (file) => createReadStream(file),
};

/** Stores compressed lines in a folder; a file gets its name only when it is complete. */
export function buildAuditArchive(folder: string, disk: ArchiveDisk = localDisk): AuditArchive {
  return {
    save: async (name, lines) => {
      const file = join(folder, name);
      const unfinished = join(folder, 'unfinished');
      await disk.makeFolder(folder);
      const written = createHash('sha256');
      await disk.write(unfinished, compress(hashed(lines, written))).catch(async (error: unknown) => {
        // On a full disk its space is needed, and nobody would look for the file.
        await disk.remove(unfinished).catch(() => undefined);
        throw error;
      });
      await disk.rename(unfinished, file);
      await disk.syncFolder(folder);
      const found = await readBack(disk, file).catch((error: unknown) => {
        throw new ArchiveDamagedError(name, { cause: error });
      });
      if (found.digest !== written.digest('hex')) throw new ArchiveDamagedError(name);
      return found.lines;
    },
  };
}

async function* hashed(
  lines: AsyncIterable<string>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<string> {
  for await (const line of lines) {
    hash.update(line);
    yield line;
  }
}

function compress(lines: AsyncIterable<string>): AsyncIterable<Buffer> {
  const gzip = createGzip();
  // An error of the pipeline is rethrown to the reader of the gzip stream.
  pipeline(Readable.from(lines), gzip).catch((error: unknown) => gzip.destroy(error as Error));
  return gzip;
}

const lineFeed = 10;

async function readBack(
  disk: ArchiveDisk,
  file: string,
): Promise<{ readonly digest: string; readonly lines: number }> {
  const hash = createHash('sha256');
  let lines = 0;
  await pipeline(Readable.from(disk.read(file)), createGunzip(), async (content: AsyncIterable<Buffer>) => {
    for await (const chunk of content) {
      hash.update(chunk);
      for (const byte of chunk) if (byte === lineFeed) lines++;
    }
  });
  return { digest: hash.digest('hex'), lines };
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import type { PackedFile, TarballContents } from '../../domain/package/tarball.ts';
import type { TarballContentsReader } from '../../ports/packing.ts';
import { onDisk } from '../system/disk-trouble.ts';

/** Limit of the unpacked size; a larger tarball is treated as a decompression bomb. */
const unpackedMaxBytes = 2 * 1024 ** 3;
const filesMax = 200_000;
const manifestMaxBytes = 1024 * 1024;

/** The file is not a tarball, or is a decompression bomb; the message is safe to show. */
export class UnreadableTarball extends Error {}

/** Reads our own tarballs from disk. */
export const tarballContents: TarballContentsReader = {
  readOwn: async ({ file }, signal) => onDisk(async () => readContents(createReadStream(file), signal)),
};

/**
 * Lists the contents of a gzipped tarball while it streams; nothing is unpacked to disk, and paths are only names.
 * `taps` receive the compressed bytes first. Throws UnreadableTarball, or the error of the stream.
 */
export async function readContents(
  bytes: Readable,
  signal: AbortSignal,
  ...taps: readonly Transform[]
): Promise<TarballContents> {
  const listing = buildListing();
  let lost: unknown;
  bytes.once('error', (error) => {
    lost = error;
  });
  try {
    await pipeline([bytes, ...taps, createGunzip(), limitBytes(), listing.parser], { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UnreadableTarball) throw error;
    throw lost ?? new UnreadableTarball('it cannot be unpacked');
  }
  return listing.take();
}

function limitBytes(): Transform {
  let unpacked = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      unpacked += chunk.length;
      if (unpacked > unpackedMaxBytes) done(new UnreadableTarball('it unpacks to more than 2 GB'));
      else done(null, chunk);
    },
  });
}

interface Listing {
  readonly parser: Parser;
  take(): TarballContents;
}

function buildListing(): Listing {
  const files = new Map<string, PackedFile>();
  let manifest: string | undefined;

  function readFile(entry: ReadEntry, path: string): void {
    const hash = createHash('sha256');
    const isManifest = path === 'package.json' && entry.size <= manifestMaxBytes;
    const chunks: Buffer[] = [];
    entry.on('data', (chunk: Buffer) => {
      hash.update(chunk);
      if (isManifest) chunks.push(chunk);
    });
    entry.on('end', () => {
      files.set(path, { path, bytes: entry.size, sha256: hash.digest('hex') });
      if (isManifest) manifest = Buffer.concat(chunks).toString('utf8');
    });
  }

  const parser = new Parser({
    onReadEntry: (entry: ReadEntry) => {
      // The top folder may have any name; npm strips it.
      const path = entry.path.replace(/^[^/]+\//, '');
      if (files.size >= filesMax) parser.abort(new UnreadableTarball('it holds too many files'));
      else if (entry.type === 'File' || entry.type === 'OldFile') readFile(entry, path);
      else {
        if (entry.type !== 'Directory') files.set(path, { path, bytes: 0, sha256: entry.type });
        entry.resume();
      }
    },
  });
  return {
    parser,
    take: () => {
      const sorted = [...files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
      return { files: sorted, manifest };
    },
  };
}

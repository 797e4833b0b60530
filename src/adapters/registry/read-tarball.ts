import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import type { PackedEntry } from '../../domain/package/tarball.ts';
import type { FileVisitor, ReadTarball } from '../../ports/registry.ts';
import { type ByteCheck, startByteCheck } from './byte-check.ts';
import { codeOf } from './exchange.ts';
import type { HttpCall, HttpClient } from './http-client.ts';
import { unavailable, unreadable } from './registry-trouble.ts';

const tarballMaxBytes = 1024 * 1024 * 1024;
/** Limit of the unpacked size; a larger tarball is treated as a decompression bomb. */
const unpackedMaxBytes = 2 * 1024 * 1024 * 1024;
const entriesMax = 100_000;

interface Download {
  bytes: number;
  readonly check: ByteCheck;
  readonly entries: PackedEntry[];
  problem: string | undefined;
}

/** Unpacks the tarball while it arrives, with at most one of its files in memory. */
export async function readTarball(
  client: HttpClient,
  call: HttpCall,
  integrity: string | undefined,
  visitor: FileVisitor,
  signal: AbortSignal,
): Promise<ReadTarball> {
  const download: Download = { bytes: 0, check: startByteCheck(integrity), entries: [], problem: undefined };
  const { status, body } = await client.open(call, signal);
  if (status === 404) return { kind: 'unreadable', problem: 'has no tarball on the registry' };
  if (status !== 200) throw unreadable(`HTTP ${status} for a tarball`);
  await unpack(body, download, visitor, signal);
  const { bytes, entries, problem } = download;
  if (problem !== undefined) return { kind: 'unreadable', problem };
  if (download.check.finish().isOther) {
    return { kind: 'unreadable', problem: 'has a tarball with other bytes than the registry says' };
  }
  return { kind: 'read', bytes, entries };
}

async function unpack(
  body: Readable,
  download: Download,
  visitor: FileVisitor,
  signal: AbortSignal,
): Promise<void> {
  const counter = countBytes(tarballMaxBytes, (chunk) => {
    download.bytes += chunk.length;
    download.check.update(chunk);
  });
  const unpacked = countBytes(unpackedMaxBytes, () => undefined);
  const parser = new Parser({ onReadEntry: (entry: ReadEntry) => visit(entry, download, visitor) });
  try {
    await pipeline(body, counter, createGunzip(), unpacked, parser, { signal });
    if (download.entries.length > entriesMax) download.problem = 'has a tarball of too many files';
  } catch (error) {
    signal.throwIfAborted();
    // A broken archive is a problem of the package; every other error is one of the registry.
    const code = codeOf(error);
    if (!(error instanceof TooLarge) && !/^(?:Z|TAR)_/.test(code)) {
      throw unavailable(`connection lost (${code})`, error);
    }
    download.problem = 'has a tarball that cannot be unpacked';
  }
}

class TooLarge extends Error {}

function countBytes(maxBytes: number, count: (chunk: Buffer) => void): Transform {
  let bytes = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      count(chunk);
      done(bytes > maxBytes ? new TooLarge() : null, chunk);
    },
  });
}

function visit(read: ReadEntry, download: Download, visitor: FileVisitor): void {
  const path = read.path.replace(/^[^/]+\//, '');
  const entry = { path, bytes: read.size };
  const isFile = (read.type === 'File' || read.type === 'OldFile') && path !== '';
  if (!isFile || download.entries.length > entriesMax) {
    read.resume();
    return;
  }
  download.entries.push(entry);
  if (!visitor.wants(entry)) {
    read.resume();
    return;
  }
  const chunks: Buffer[] = [];
  read.on('data', (chunk: Buffer) => chunks.push(chunk));
  read.on('end', () => visitor.take(entry, Buffer.concat(chunks)));
}

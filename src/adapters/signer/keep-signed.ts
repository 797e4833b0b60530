import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Integrity } from '../../domain/package/packument.ts';
import type { Tarball } from '../../domain/package/tarball.ts';
import { syncFolder, TooLarge } from '../packing/write-tarball.ts';
import type { CheckTask } from './check-task.ts';

const chunkBytes = 1024 * 1024;

/** Copies the signer's file to a temporary name, fsyncs and hashes it. Throws TooLarge. */
export function copySigned(task: CheckTask): Tarball {
  const sha512 = createHash('sha512');
  const sha1 = createHash('sha1');
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let bytes = 0;
  const from = openSync(task.signedFile, 'r');
  try {
    const to = openSync(task.temporaryFile, 'w', 0o600);
    try {
      for (let read = readSync(from, chunk); read > 0; read = readSync(from, chunk)) {
        bytes += read;
        if (bytes > task.maxBytes) throw new TooLarge(bytes);
        const piece = chunk.subarray(0, read);
        sha512.update(piece);
        sha1.update(piece);
        // Not writeSync: on a full disk it writes only a part and reports no error.
        writeFileSync(to, piece);
      }
      fsyncSync(to);
    } finally {
      closeSync(to);
    }
  } finally {
    closeSync(from);
  }
  const integrity = `sha512-${sha512.digest('base64')}` as Integrity;
  return { file: task.outFile, bytes, integrity, shasum: sha1.digest('hex') };
}

export function keep({ temporaryFile, outFile }: CheckTask): void {
  renameSync(temporaryFile, outFile);
  syncFolder(dirname(outFile));
}

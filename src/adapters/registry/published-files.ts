import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { failure, Outage, PublishError } from '../../domain/failure.ts';
import type { PublishedFiles } from '../../ports/published-files.ts';
import { startByteCheck } from './byte-check.ts';
import type { HttpClient } from './http-client.ts';
import { callForTarball, findDist } from './published-dist.ts';
import { readTarball } from './read-tarball.ts';

const textMaxBytes = 1024 * 1024;
/** What a tarball may unpack to before it is taken for a bomb. */
const unpackedMaxBytes = 1024 * 1024 * 1024;

/** Reads tarballs at our own origin only, whatever address the registry's document names. */
export function buildPublishedFiles(client: HttpClient): PublishedFiles {
  return {
    findText: async (name, version, file, signal) => {
      const dist = await findDist(client, name, version, signal);
      if (dist === undefined) return undefined;
      const answer = await client.call(callForTarball(name, dist), signal);
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw new Outage('registry', 'down', `HTTP ${answer.status} for a tarball`);
      checkIntegrity(version, dist.integrity, answer.bytes);
      return readText(answer.bytes, file.toLowerCase(), signal);
    },
    readFiles: async (name, version, visitor, signal) => {
      const dist = await findDist(client, name, version, signal);
      if (dist === undefined) return { kind: 'unreadable', problem: 'is not on the registry' };
      return readTarball(client, callForTarball(name, dist), dist.integrity, visitor, signal);
    },
  };
}

function checkIntegrity(version: string, expected: string | undefined, bytes: Uint8Array): void {
  const check = startByteCheck(expected);
  check.update(bytes);
  const { found, isOther } = check.finish();
  if (expected === undefined || !isOther) return;
  throw new PublishError(failure('published-copy-differs', { version, expected, found }));
}

async function readText(bytes: Buffer, file: string, signal: AbortSignal): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let isFound = false;
  const parser = new Parser({
    onReadEntry: (entry: ReadEntry) => {
      const isWanted = entry.path.replace(/^[^/]+\//, '').toLowerCase() === file;
      if (isWanted && !isFound && entry.type === 'File' && entry.size <= textMaxBytes) {
        isFound = true;
        entry.on('data', (chunk: Buffer) => chunks.push(chunk));
      } else entry.resume();
    },
  });
  let unpacked = 0;
  const counter = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      unpacked += chunk.length;
      done(unpacked > unpackedMaxBytes ? new Error('a tarball unpacks to more than 1 GB') : null, chunk);
    },
  });
  try {
    await pipeline(Readable.from([bytes]), createGunzip(), counter, parser, { signal });
  } catch {
    signal.throwIfAborted();
    throw new Outage('registry', 'down', 'a tarball cannot be unpacked');
  }
  return isFound ? Buffer.concat(chunks).toString('utf8') : undefined;
}

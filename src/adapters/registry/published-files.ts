import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { failure, PublishError } from '../../domain/failure/failure.ts';
import type { FileVisitor, PublishedFiles } from '../../ports/registry.ts';
import type { AskByName } from './ask-by-name.ts';
import { startByteCheck } from './byte-check.ts';
import type { HttpClient } from './http-client.ts';
import { callForTarball, findDist } from './published-dist.ts';
import { readTarball } from './read-tarball.ts';
import { unreadable } from './registry-trouble.ts';

const textMaxBytes = 1024 * 1024;
/** Limit of the unpacked size; a larger tarball is treated as a decompression bomb. */
const unpackedMaxBytes = 1024 * 1024 * 1024;

/** Reads tarballs from the registry's own origin only, whatever address its document names. */
export function buildPublishedFiles(client: HttpClient, askByName: AskByName): PublishedFiles {
  return {
    findText: async (name, version, file, signal) =>
      askByName(name, signal, async () => findText(client, name, version, file, signal)),
    readFiles: async (name, version, visitor, signal) => {
      const patient = visitOnce(visitor);
      return askByName(name, signal, async () => {
        const dist = await findDist(client, name, version, signal);
        if (dist === undefined) return { kind: 'unreadable', problem: 'is not on the registry' };
        return readTarball(client, callForTarball(name, dist), dist.integrity, patient(), signal);
      });
    },
  };
}

/** For repeated readings of one tarball: a file that one reading handed to the visitor is not handed on again. */
function visitOnce(visitor: FileVisitor): () => FileVisitor {
  const taken = new Set<string>();
  return () => {
    const before = new Set(taken);
    return {
      wants: (entry) => !before.has(entry.path) && visitor.wants(entry),
      take: (entry, content) => {
        taken.add(entry.path);
        visitor.take(entry, content);
      },
    };
  };
}

async function findText(
  client: HttpClient,
  name: string,
  version: string,
  file: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const dist = await findDist(client, name, version, signal);
  if (dist === undefined) return undefined;
  const answer = await client.call(callForTarball(name, dist), signal);
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw unreadable(`HTTP ${answer.status} for a tarball`);
  checkIntegrity(version, dist.integrity, answer.bytes);
  return readText(answer.bytes, file.toLowerCase(), signal);
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
    throw unreadable('its tarball cannot be unpacked');
  }
  return isFound ? Buffer.concat(chunks).toString('utf8') : undefined;
}

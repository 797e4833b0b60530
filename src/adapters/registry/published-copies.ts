import { Transform } from 'node:stream';
import type { CopyContents, PublishedCopies } from '../../ports/registry.ts';
import { readContents, UnreadableTarball } from '../packing/tarball-contents.ts';
import type { AskByName } from './ask-by-name.ts';
import { type ByteCheck, startByteCheck } from './byte-check.ts';
import { codeOf } from './exchange.ts';
import type { HttpClient } from './http-client.ts';
import { callForTarball, findDist } from './published-dist.ts';
import { unavailable, unreadable } from './registry-trouble.ts';

const tarballMaxBytes = 512 * 1024 ** 2;

/**
 * Reads versions that others published: from the registry's own origin only, as a stream, without a file on our disk.
 */
export function buildPublishedCopies(client: HttpClient, askByName: AskByName): PublishedCopies {
  return {
    findCopy: async (name, version, signal) =>
      askByName(name, signal, async () => findDist(client, name, version, signal)),
    readCopy: async (name, version, signal) =>
      askByName(name, signal, async () => readCopy(client, name, version, signal)),
  };
}

async function readCopy(
  client: HttpClient,
  name: string,
  version: string,
  signal: AbortSignal,
): Promise<CopyContents | undefined> {
  const dist = await findDist(client, name, version, signal);
  if (dist === undefined) return undefined;
  const { status, body } = await client.open(callForTarball(name, dist), signal);
  if (status === 404) return { kind: 'unreadable', why: 'its tarball is not there' };
  if (status !== 200) throw unreadable(`HTTP ${status} for a tarball`);
  const check = startByteCheck(dist.integrity);
  try {
    const contents = await readContents(body, signal, buildTap(check));
    const { found, isOther } = check.finish();
    if (!isOther) return { kind: 'contents', contents, integrity: found };
    return { kind: 'unreadable', why: 'its bytes are not those that the registry’s document names' };
  } catch (error) {
    if (error instanceof UnreadableTarball) return { kind: 'unreadable', why: error.message };
    signal.throwIfAborted();
    throw unavailable(`connection lost (${codeOf(error)})`, error);
  }
}

function buildTap(check: ByteCheck): Transform {
  let bytes = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      check.update(chunk);
      if (bytes > tarballMaxBytes) done(new UnreadableTarball('it is larger than 512 MB'));
      else done(null, chunk);
    },
  });
}

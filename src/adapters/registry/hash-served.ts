import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Integrity } from '../../domain/package/packument.ts';
import type { ServedTarball } from '../../ports/registry.ts';
import { codeOf } from './exchange.ts';

const largestBytes = 1024 ** 3;

/**
 * Hashes a body while it streams. A body that has none of the given lengths is not read; without lengths, any body up
 * to 1 GB is.
 */
export async function hashServed(
  response: IncomingMessage,
  lengths: readonly number[],
  signal: AbortSignal,
): Promise<ServedTarball> {
  const isOther = (bytes: number): boolean => lengths.length > 0 && !lengths.includes(bytes);
  const announced = response.headers['content-length'];
  if (announced !== undefined && isOther(Number(announced))) {
    response.destroy();
    return wordOther(response);
  }
  const longest = lengths.length === 0 ? largestBytes : Math.max(...lengths);
  const read = await readBody(response, longest, signal);
  if (typeof read === 'string') return { kind: 'unreadable', why: read };
  const { bytes, integrity } = read;
  if (isOther(bytes)) return wordOther(response);
  if (bytes > longest) return { kind: 'unreadable', why: 'its tarball is larger than 1 GB' };
  return { kind: 'read', integrity, bytes };
}

/**
 * Explains an unexpected length. Some servers declare a Content-Encoding for every gzipped file, so it only matters
 * here, where the length shows that the tarball was encoded once more.
 */
function wordOther({ headers }: IncomingMessage): ServedTarball {
  const { 'content-encoding': encoding = 'identity' } = headers;
  if (encoding === 'identity') return { kind: 'other-length' };
  return { kind: 'unreadable', why: `its tarball is sent in the encoding ${encoding.slice(0, 20)}` };
}

async function readBody(
  response: IncomingMessage,
  longest: number,
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly integrity: Integrity } | string> {
  const hash = createHash('sha512');
  let bytes = 0;
  try {
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length;
      if (bytes > longest) break;
      hash.update(chunk as Buffer);
    }
  } catch (error) {
    signal.throwIfAborted();
    return `connection lost (${codeOf(error)})`;
  }
  return { bytes, integrity: `sha512-${hash.digest('base64')}` as Integrity };
}

import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { Outage } from '../../domain/failure/failure.ts';
import type { LfsPointer } from '../../domain/package/lfs-pointer.ts';
import { wordNetworkError } from '../system/network-error.ts';
import { parseRetryAfter } from '../system/retry-after.ts';
import { explainCode, type LfsHost, type Located } from './ask-batch.ts';

const redirects: readonly number[] = [301, 302, 303, 307, 308];
const maxHops = 3;
/** Headers that fetch sets by itself. */
const ownHeaders: readonly string[] = ['host', 'connection', 'content-length', 'transfer-encoding'];

type Headers = Readonly<Record<string, string>>;

/**
 * Downloads one object into a new file and hashes it meanwhile. Returns why it cannot be obtained; the file must not be
 * used then. The request carries only the headers that came with the address, which may be on another host, and none of
 * our own; a redirect to another origin drops them. Throws Outage('git-host') while the storage is down, or the error
 * of the disk.
 */
export async function download(
  host: LfsHost,
  object: LfsPointer,
  located: Located & { kind: 'there' },
  file: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const patience = startPatience(host, signal);
  try {
    return await fetchObject(host, object, located, file, { ...patience, signal });
  } finally {
    patience.end();
  }
}

interface Patience {
  /** Aborts when the whole download takes too long, when no data arrives for too long, or with the caller's signal. */
  readonly timed: AbortSignal;
  /** Called when data arrived; restarts the timeout for silence. */
  readonly renew: () => void;
}

function startPatience(
  { timeoutMs, silenceMs }: LfsHost,
  signal: AbortSignal,
): Patience & { readonly end: () => void } {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(new DOMException('silence', 'TimeoutError')), silenceMs);
  return {
    timed: AbortSignal.any([signal, silent.signal, AbortSignal.timeout(timeoutMs)]),
    renew: () => void timer.refresh(),
    end: () => clearTimeout(timer),
  };
}

async function fetchObject(
  host: LfsHost,
  object: LfsPointer,
  located: Located & { kind: 'there' },
  file: string,
  { signal, timed, renew }: Patience & { readonly signal: AbortSignal },
): Promise<string | undefined> {
  const response = await onNetwork(signal, async () => follow(host, located, timed));
  if (typeof response === 'string') return response;
  const { status, body } = response;
  if (status === 200 && body !== null) {
    return onNetwork(signal, async () => save(object, body, file, renew));
  }
  await body?.cancel();
  if (status !== 429 && status < 500) return explainCode(status);
  const wait = parseRetryAfter(response.headers.get('retry-after') ?? undefined, host.clock.now());
  throw new Outage('git-host', 'down', `Git LFS storage: HTTP ${status}`, wait);
}

/** Disk errors have a `syscall` and are passed on; every other error is a network error. */
async function onNetwork<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && 'syscall' in error) throw error;
    const detail = `Git LFS storage: ${wordNetworkError(error)}`;
    throw new Outage('git-host', 'down', detail, undefined, { cause: error });
  }
}

/** Returns the answer, or why the address is not requested. */
async function follow(
  host: LfsHost,
  located: Located & { kind: 'there' },
  signal: AbortSignal,
): Promise<Response | string> {
  let url = parseHref(host, located.href);
  let headers = usable(located.headers);
  for (let hops = 0; ; hops++) {
    if (url === undefined) return 'its address is not one that we may fetch from';
    const response = await fetch(url, { redirect: 'manual', signal, headers });
    const location = response.headers.get('location');
    if (!redirects.includes(response.status) || location === null) return response;
    await response.body?.cancel();
    if (hops === maxHops) return 'its storage redirects without end';
    const next = parseHref(host, location, url);
    if (next?.origin !== url.origin) headers = {};
    url = next;
  }
}

/**
 * Accepts https, and http on loopback if the git host itself is on loopback; never an address with a user name or
 * password.
 */
function parseHref(host: LfsHost, href: string, base?: URL): URL | undefined {
  if (!URL.canParse(href, base?.href)) return undefined;
  const url = new URL(href, base);
  if (url.username !== '' || url.password !== '') return undefined;
  if (url.protocol === 'https:') return url;
  return url.protocol === 'http:' && isLoopback(url) && isLoopback(new URL(host.serverUrl)) ? url : undefined;
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function usable(headers: Headers): Headers {
  const isUsable = ([name, value]: [string, string]): boolean =>
    /^[\w-]{1,100}$/.test(name) &&
    !ownHeaders.includes(name.toLowerCase()) &&
    /^[\x20-\x7e]{0,8192}$/.test(value);
  return Object.fromEntries(Object.entries(headers).filter(isUsable));
}

async function save(
  object: LfsPointer,
  body: AsyncIterable<Uint8Array>,
  file: string,
  onPiece: () => void,
): Promise<string | undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  const target = await open(file, 'wx', 0o644);
  try {
    for await (const chunk of body) {
      onPiece();
      bytes += chunk.length;
      if (bytes > object.bytes) return 'what came is larger than its pointer says';
      hash.update(chunk);
      // Not write(): on a full disk it writes only a part and reports no error.
      await target.writeFile(chunk);
    }
  } finally {
    await target.close();
  }
  const isIt = bytes === object.bytes && hash.digest('hex') === object.oid;
  return isIt ? undefined : 'what came is not what its pointer says (SHA-256)';
}

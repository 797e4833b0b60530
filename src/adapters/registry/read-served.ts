import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Registry } from '../../ports/registry.ts';
import { codeOf } from './exchange.ts';
import { hashServed } from './hash-served.ts';
import type { HttpClient } from './http-client.ts';
import { userAgent } from './put-task.ts';
import { listAddresses, mayAsk } from './served-address.ts';

export interface ServedReaderOptions {
  readonly client: Pick<HttpClient, 'receive'>;
  /** URL of the registry, with a trailing slash. */
  readonly url: string;
  /** The request ends when no data moves for this long. */
  readonly timeoutMs: number;
}

const redirects: readonly number[] = [301, 302, 303, 307, 308];
const maxHops = 4;
const headers = { accept: 'application/octet-stream' };

/** An answer with the bytes, or why there are none; when `isElsewhere`, another address may have them. */
type Opened =
  | { readonly kind: 'open'; readonly response: IncomingMessage }
  | { readonly kind: 'closed'; readonly why: string; readonly isElsewhere: boolean };

/** Reads what is served as a version, at each of its addresses; redirects are followed by the same rules. */
export function buildServedReader(options: ServedReaderOptions): Registry['readServed'] {
  return async (name, version, lengths, signal) => {
    let why = 'it has no address';
    for (const address of listAddresses(name, version, options.url)) {
      const opened = await open(address, options, signal);
      if (opened.kind === 'open') return hashServed(opened.response, lengths, signal);
      why = opened.why;
      if (!opened.isElsewhere) break;
    }
    return { kind: 'unreadable', why };
  };
}

async function open(address: URL, options: ServedReaderOptions, signal: AbortSignal): Promise<Opened> {
  let url = address;
  for (let hops = 0; hops <= maxHops; hops++) {
    const where = url.origin === new URL(options.url).origin ? '' : ` at ${url.host}`;
    if (!mayAsk(url, options.url)) return closed(`its address${where} is not one that we may fetch from`);
    const response = await ask(url, options, signal).catch((error: unknown) => codeOf(error));
    signal.throwIfAborted();
    if (typeof response === 'string') return closed(`connection lost${where} (${response})`);
    if (response.statusCode === 200 && !isPage(response)) return { kind: 'open', response };
    response.destroy();
    const next = findRedirect(response, url);
    if (next === undefined) return wordRefusal(response, where);
    url = next;
  }
  return closed('its tarball is redirected without end');
}

function closed(why: string, isElsewhere = false): Opened {
  return { kind: 'closed', why, isElsewhere };
}

function wordRefusal(response: IncomingMessage, where: string): Opened {
  const { statusCode: status = 0 } = response;
  if (status === 200) return closed(`a web page${where} instead of a tarball`);
  return closed(`HTTP ${status}${where} for its tarball`, status >= 400 && status < 500);
}

function isPage({ headers: answered }: IncomingMessage): boolean {
  return answered['content-type']?.startsWith('text/html') === true;
}

function findRedirect({ statusCode = 0, headers: answered }: IncomingMessage, url: URL): URL | undefined {
  const { location } = answered;
  if (!redirects.includes(statusCode) || location === undefined) return undefined;
  return URL.canParse(location, url.href) ? new URL(location, url) : undefined;
}

/** Sends the token to the registry's own origin only. */
async function ask(
  url: URL,
  { client, url: registryUrl, timeoutMs }: ServedReaderOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  if (url.origin === new URL(registryUrl).origin) {
    return client.receive({ method: 'GET', path: url.href, headers, binary: true }, signal);
  }
  return new Promise((resolve, reject) => {
    const own = { ...headers, 'accept-encoding': 'identity', 'user-agent': userAgent };
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(url, { headers: own, agent: false, signal });
    request.on('error', reject);
    request.setTimeout(timeoutMs, () => request.destroy(new Error('nothing moved')));
    request.once('response', resolve);
    request.end();
  });
}

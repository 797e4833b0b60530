import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** One request as a dialect sees it. */
export interface DialectRequest {
  readonly method: string;
  readonly path: string;
  /** 1 for the first request of this method and path. */
  readonly count: number;
  /** Another origin, which serves tarballs without a token; with a trailing slash. */
  readonly cdnUrl: string;
  /** URL of the registry that speaks the dialect. */
  readonly url: string;
}

export interface DialectAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Json = Record<string, unknown>;

/** How a kind of registry differs from Verdaccio. */
export interface Dialect {
  /** Returns the dialect's own answer; undefined lets the request through. */
  readonly answer?: (request: DialectRequest) => DialectAnswer | undefined;
  /** Maps a path of the dialect to one of the registry behind it. */
  readonly pathOf?: (path: string) => string;
  /** Changes the `dist` of a version in a document. */
  readonly dist?: (dist: Json, about: DialectRequest & { readonly file: string }) => Json;
  /** Status that replaces the one of an accepted upload. */
  readonly uploaded?: number;
  /** Additional headers of a tarball. */
  readonly tarballHeaders?: Readonly<Record<string, string>>;
}

export interface DialectRegistry {
  readonly url: string;
  /** Tokens that reached the other origin. */
  readonly leaked: readonly string[];
  /** Serves these bytes as every tarball from now on. */
  serveInstead(bytes: Buffer): void;
  stop(): Promise<void>;
}

/** Puts a dialect before a real registry, with a second origin that serves its tarballs. */
export async function startDialect(
  dialect: Dialect,
  target: string,
  token: string,
): Promise<DialectRegistry> {
  const counts = new Map<string, number>();
  const leaked: string[] = [];
  let instead: Buffer | undefined;
  const cdn = await listen((request, response) => {
    if (request.headers.authorization !== undefined) leaked.push(request.headers.authorization);
    void serveTarball(new URL((request.url ?? '').slice(1), target), response);
  });

  async function serveTarball(url: URL, response: ServerResponse): Promise<void> {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const bytes = instead ?? Buffer.from(await answer.arrayBuffer());
    const headers = { 'content-type': 'application/octet-stream', ...dialect.tarballHeaders };
    response.writeHead(answer.status, { ...headers, 'content-length': bytes.length }).end(bytes);
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = describe(incoming, counts, cdn.url, registry.url);
    const own = dialect.answer?.(request);
    const to = new URL((dialect.pathOf?.(request.path) ?? request.path).slice(1), target);
    if (own !== undefined) response.writeHead(own.status, own.headers).end(own.body ?? '');
    else if (request.method === 'GET' && isTarball(to.pathname)) await serveTarball(to, response);
    else await translate(dialect, request, to, incoming, response);
  }

  const registry = await listen((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  return {
    url: registry.url,
    leaked,
    serveInstead: (bytes) => {
      instead = bytes;
    },
    stop: async () => {
      await Promise.all([registry.stop(), cdn.stop()]);
    },
  };
}

function describe(
  { method = 'GET', url: path = '/' }: IncomingMessage,
  counts: Map<string, number>,
  cdnUrl: string,
  url: string,
): DialectRequest {
  const count = (counts.get(`${method} ${path}`) ?? 0) + 1;
  counts.set(`${method} ${path}`, count);
  return { method, path, count, cdnUrl, url };
}

async function translate(
  dialect: Dialect,
  request: DialectRequest,
  to: URL,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method } = request;
  const body = await buffer(incoming);
  const headers = {
    authorization: incoming.headers.authorization ?? '',
    'content-type': 'application/json',
  };
  const answer = await fetch(to, { method, headers, ...(body.length === 0 ? {} : { body }) });
  const text = await answer.text();
  const isTaken = method === 'PUT' && answer.status === 201;
  const status = isTaken ? (dialect.uploaded ?? 201) : answer.status;
  response.writeHead(status, { 'content-type': 'application/json' }).end(speak(dialect, text, request));
}

/** Rewrites each `dist` of a document as the dialect does; returns other texts unchanged. */
function speak({ dist: change }: Dialect, text: string, request: DialectRequest): string {
  const document = JSON.parse(text) as { versions?: Record<string, { dist: Json }>; name?: string };
  for (const [version, manifest] of Object.entries(document.versions ?? {})) {
    const file = `${document.name}/-/${document.name}-${version}.tgz`;
    const dist = { ...manifest.dist, tarball: `${request.url}${file}` };
    manifest.dist = change?.(dist, { ...request, file }) ?? dist;
  }
  return JSON.stringify(document);
}

async function listen(listener: RequestListener): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

const without = (dist: Json, ...keys: readonly string[]): Json =>
  Object.fromEntries(Object.entries(dist).filter(([key]) => !keys.includes(key)));
const isTarball = (path: string): boolean => path.endsWith('.tgz');
const notFound: DialectAnswer = { status: 404, headers: { 'content-type': 'application/json' }, body: '{}' };

/** Differences of registries that cannot run here; docs/registries.md says which registry does what. */
export const dialects = {
  'no integrity, only a shasum': { dist: (dist) => without(dist, 'integrity') },
  'no hash at all': { dist: (dist) => without(dist, 'integrity', 'shasum') },
  'several hashes in one integrity': {
    dist: (dist) => ({ ...dist, integrity: `sha1-${'A'.repeat(27)}= ${String(dist['integrity'])}` }),
  },
  'a hash that we do not keep': {
    dist: (dist) => ({ ...without(dist, 'shasum'), integrity: `sha384-${'A'.repeat(64)}` }),
  },
  '202 instead of 201': { uploaded: 202 },
  '200 instead of 201': { uploaded: 200 },
  'tarballs at another origin': {
    answer: ({ method, path }) => (method === 'GET' && isTarball(path) ? notFound : undefined),
    dist: (dist, { cdnUrl, file }) => ({ ...dist, tarball: `${cdnUrl}${file}` }),
  },
  'tarballs at another origin, ours forbidden': {
    answer: ({ method, path }) => (method === 'GET' && isTarball(path) ? { status: 403 } : undefined),
    dist: (dist, { cdnUrl, file }) => ({ ...dist, tarball: `${cdnUrl}${file}` }),
  },
  'tarballs redirected to signed storage': {
    answer: ({ method, path, cdnUrl }) =>
      method === 'GET' && isTarball(path)
        ? { status: 302, headers: { location: `${cdnUrl}${path.slice(1)}?signature=abc` } }
        : undefined,
  },
  'tarballs under a path of their own': {
    answer: ({ method, path }) =>
      method === 'GET' && isTarball(path) && !path.startsWith('/download/') ? notFound : undefined,
    dist: (dist, { url, file }) => ({ ...dist, tarball: `${url}download/${file}` }),
    pathOf: (path) => path.replace('/download/', '/'),
  },
  'the public address of the same registry': {
    dist: (dist, { file }) => ({ ...dist, tarball: `https://registry.invalid/npm/${file}` }),
  },
  'no address of a tarball': { dist: (dist) => without(dist, 'tarball') },
  'an address that is none': { dist: (dist) => ({ ...dist, tarball: 'not an address' }) },
  'a document that is delayed': {
    answer: ({ method, path, count }) =>
      method === 'GET' && !isTarball(path) && count <= 2 ? notFound : undefined,
  },
  'a tarball that is delayed': {
    answer: ({ method, path, count }) =>
      method === 'GET' && isTarball(path) && count <= 2 ? notFound : undefined,
  },
  'a tarball whose storage fails at first': {
    answer: ({ method, path, count }) =>
      method === 'GET' && isTarball(path) && count <= 2 ? { status: 503 } : undefined,
  },
  'a gate’s page instead of a tarball at first': {
    answer: ({ method, path, count }) =>
      method === 'GET' && isTarball(path) && count <= 2
        ? { status: 200, headers: { 'content-type': 'text/html' }, body: '<title>Welcome</title>' }
        : undefined,
  },
  'gzipped files called encoded': { tarballHeaders: { 'content-encoding': 'x-gzip' } },
  'no HEAD and no ranges': {
    answer: ({ method }) => (method === 'HEAD' ? { status: 405 } : undefined),
    tarballHeaders: { 'accept-ranges': 'none' },
  },
} as const satisfies Readonly<Record<string, Dialect>>;

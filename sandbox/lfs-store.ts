import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StorageRequest {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
}

/** What the storage does instead of serving the object. */
export type StorageFault =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'bytes'; readonly content: Buffer }
  /** Answers with a redirect to this address first. */
  | { readonly kind: 'redirect'; readonly to: string };

/** Git LFS beside a git host: the batch API on the host itself, the objects on another origin. */
export interface LfsStore {
  /** Stores the content and returns its pointer file. */
  put(content: Buffer): string;
  /** Makes downloads of this content fail like this from now on; undefined ends it. */
  setFault(content: Buffer, fault: StorageFault | undefined): void;
  /** Makes the batch API answer with this status from now on; undefined ends it. */
  setStatus(status: number | undefined): void;
  /** Requests to the batch API. */
  batches(): readonly unknown[];
  /** Requests to the storage. */
  downloads(): readonly StorageRequest[];
  /** Origin of the objects, without a trailing slash. */
  readonly storageUrl: string;
  /** Makes the batch API name objects at this address from now on, such as a proxy's. Without a trailing slash. */
  setStorage(url: string): void;
  /** Returns true when it handled the request. */
  answer(url: URL, request: IncomingMessage, response: ServerResponse): boolean;
  stop(): Promise<void>;
}

const mediaType = 'application/vnd.git-lfs+json';
/** Authorization that the storage requires. */
const storageKey = 'Bearer storage-key-of-one-object';

export function oidOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

export function pointerTo(content: Buffer): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${oidOf(content)}\nsize ${content.length}\n`;
}

export async function startLfsStore(): Promise<LfsStore> {
  const objects = new Map<string, Buffer>();
  const faults = new Map<string, StorageFault>();
  const batches: unknown[] = [];
  const downloads: StorageRequest[] = [];
  let status: number | undefined;
  const storage = createServer((request, response) => {
    const { authorization, cookie } = request.headers;
    const path = request.url ?? '/';
    downloads.push({ path, authorization, cookie });
    const oid = path.split('/').at(-1) ?? '';
    serveObject(
      objects.get(oid),
      path.startsWith('/moved/') ? undefined : faults.get(oid),
      request,
      response,
    );
  });
  await new Promise<void>((resolve) => storage.listen(0, '127.0.0.1', resolve));
  const storageUrl = `http://127.0.0.1:${(storage.address() as AddressInfo).port}`;
  let named = storageUrl;
  return {
    storageUrl,
    setStorage: (url) => {
      named = url;
    },
    put: (content) => {
      objects.set(oidOf(content), content);
      return pointerTo(content);
    },
    setFault: (content, fault) => {
      if (fault === undefined) faults.delete(oidOf(content));
      else faults.set(oidOf(content), fault);
    },
    setStatus: (value) => {
      status = value;
    },
    batches: () => [...batches],
    downloads: () => [...downloads],
    answer: (url, request, response) => {
      if (!url.pathname.endsWith('/info/lfs/objects/batch')) return false;
      void answerBatch(objects, named, status, request, response).then((asked) => batches.push(asked));
      return true;
    },
    stop: async () => {
      storage.closeAllConnections();
      await new Promise<void>((resolve) => storage.close(() => resolve()));
    },
  };
}

async function answerBatch(
  objects: ReadonlyMap<string, Buffer>,
  storageUrl: string,
  status: number | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<unknown> {
  const asked = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString()) as {
    objects: { oid: string; size: number }[];
  };
  if (status !== undefined || request.headers['content-type'] !== mediaType) {
    response.writeHead(status ?? 422, { 'content-type': mediaType }).end('{"message":"no"}');
    return asked;
  }
  const found = asked.objects.map(({ oid, size }) =>
    objects.get(oid)?.length === size
      ? { oid, size, authenticated: true, actions: { download: linkTo(oid, storageUrl) } }
      : { oid, size, error: { code: 404, message: 'Object does not exist' } },
  );
  const body = JSON.stringify({ transfer: 'basic', objects: found, hash_algo: 'sha256' });
  response.writeHead(200, { 'content-type': mediaType }).end(body);
  return asked;
}

function linkTo(oid: string, storageUrl: string): object {
  return { href: `${storageUrl}/objects/${oid}`, header: { Authorization: storageKey }, expires_in: 3600 };
}

function serveObject(
  object: Buffer | undefined,
  fault: StorageFault | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  // A redirect to another origin comes without the key, as with storage that signs its addresses.
  const needsKey = request.url?.startsWith('/moved/') !== true;
  if (fault !== undefined) applyFault(fault, response);
  else if (object === undefined) response.writeHead(404).end();
  else if (needsKey && request.headers.authorization !== storageKey) response.writeHead(403).end();
  else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(object);
}

function applyFault(fault: StorageFault, response: ServerResponse): void {
  if (fault.kind === 'redirect') response.writeHead(302, { location: fault.to }).end();
  else if (fault.kind === 'status') response.writeHead(fault.status).end('no');
  else response.writeHead(200).end(fault.content);
}

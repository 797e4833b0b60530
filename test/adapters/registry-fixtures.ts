import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildNpmRegistry, type NpmRegistryOptions } from '../../src/adapters/registry/npm-registry.ts';
import type { Integrity, Packument } from '../../src/domain/package/packument.ts';
import type { Tarball } from '../../src/domain/package/tarball.ts';
import type { CachedPackument, PackumentCache } from '../../src/ports/catalog.ts';
import type { Logger } from '../../src/ports/logger.ts';
import type { Upload } from '../../src/ports/registry.ts';

export const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export const engines = [
  { engine: 'libnpmpublish', streamAboveBytes: Number.MAX_SAFE_INTEGER },
  { engine: 'streaming', streamAboveBytes: 0 },
] as const;

export function openRegistry(
  options: Partial<NpmRegistryOptions> & Pick<NpmRegistryOptions, 'url'>,
): ReturnType<typeof buildNpmRegistry> {
  return buildNpmRegistry({
    token: () => 'the-token',
    requestTimeoutMs: 2_000,
    putIdleTimeoutMs: 2_000,
    packuments: memoryCache(),
    clock: { now: () => Date.now(), monotonic: () => Date.now(), sleep: async () => undefined },
    logger: silent,
    ...options,
  });
}

export interface MemoryCache extends PackumentCache {
  readonly entries: Map<string, CachedPackument>;
}

export function memoryCache(): MemoryCache {
  const entries = new Map<string, CachedPackument>();
  return {
    entries,
    find: async (name) => entries.get(name),
    save: async (name, etag, packument: Packument) => {
      entries.set(name, { etag, packument });
    },
  };
}

/** Makes random bytes: a registry does not look inside. */
export async function makeTarball(folder: string, bytes: number): Promise<Tarball> {
  const data = randomBytes(bytes);
  const file = join(folder, `${randomUUID()}.tgz`);
  await writeFile(file, data);
  const integrity = `sha512-${createHash('sha512').update(data).digest('base64')}` as Integrity;
  return { file, bytes, integrity, shasum: createHash('sha1').update(data).digest('hex') };
}

let names = 0;
export function newName(): string {
  names += 1;
  return `com.studio.package-${names}`;
}

export function uploadOf(
  tarball: Tarball,
  { name = newName(), version = '1.0.0', distTag = 'latest', fields = {} as Record<string, unknown> } = {},
): Upload {
  const manifest = { name, version, dependencies: {}, fields: { ...fields, name, version } };
  return { name, version, distTag, manifest, readme: undefined, tarball };
}

export interface ScriptedServer {
  readonly url: string;
  readonly seen: { readonly path: string; readonly authorization: string | undefined }[];
  /** Whole bodies of the PUTs. */
  readonly bodies: string[];
  stop(): Promise<void>;
}

/** Starts a server that answers as the test says. */
export async function startScripted(answer: RequestListener): Promise<ScriptedServer> {
  const seen: ScriptedServer['seen'] = [];
  const bodies: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    seen.push({ path: request.url ?? '', authorization: request.headers.authorization });
    void text(request).then(
      (body) => {
        if (request.method === 'PUT') bodies.push(body);
        return answer(request, response);
      },
      () => undefined,
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    seen,
    bodies,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

import { Outage } from '../../domain/failure/failure.ts';
import type { PackumentCache } from '../../ports/catalog.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { PublishedCopies, PublishedFiles, PutAnswer, Registry, Upload } from '../../ports/registry.ts';
import { buildAskByName } from './ask-by-name.ts';
import { buildHttpClient, type HttpClient } from './http-client.ts';
import { probe } from './probe.ts';
import { buildPublishedCopies } from './published-copies.ts';
import { buildPublishedFiles } from './published-files.ts';
import { buildPut } from './put.ts';
import { buildPackumentReader } from './read-packument.ts';
import { buildServedReader } from './read-served.ts';

export interface NpmRegistryOptions {
  /** `https://host[:port][/path]`; a trailing slash is added. */
  readonly url: string;
  /** Called for each request, because the token can be rotated; empty when there is none. */
  readonly token: () => string;
  /** Timeout for a complete answer to any request except the PUT of a package. */
  readonly requestTimeoutMs: number;
  /** The PUT of a package ends when no data moves for this long. */
  readonly putIdleTimeoutMs: number;
  /** Larger tarballs are streamed, others go through libnpmpublish; 32 MiB by default. */
  readonly streamAboveBytes?: number;
  readonly packuments: PackumentCache;
  readonly clock: Clock;
  readonly logger: Logger;
}

const defaultStreamAboveBytes = 32 * 1024 * 1024;

/** All ports that one registry implements. */
export type NpmRegistry = Registry &
  PublishedFiles &
  PublishedCopies & { warm(): void; stop(): Promise<void> };

/** Adapter for any npm-compatible registry. Does not retry, and follows redirects only to a served tarball. */
export function buildNpmRegistry(options: NpmRegistryOptions): NpmRegistry {
  const url = options.url.endsWith('/') ? options.url : `${options.url}/`;
  const client = buildHttpClient({ ...options, url });
  const put = buildPut({
    ...options,
    url,
    streamAboveBytes: options.streamAboveBytes ?? defaultStreamAboveBytes,
  });
  const askByName = buildAskByName(client);
  const files = buildPublishedFiles(client, askByName);
  return {
    ...buildPublishedCopies(client, askByName),
    url,
    ...buildPackumentReader({ ...options, client, url, askByName }),
    readServed: buildServedReader({ client, url, timeoutMs: options.requestTimeoutMs }),
    put: async (upload: Upload, signal: AbortSignal): Promise<PutAnswer> => put.put(upload, signal),
    findText: async (name, version, file, signal) => files.findText(name, version, file, signal),
    readFiles: async (name, version, visitor, signal) => files.readFiles(name, version, visitor, signal),
    setDistTag: async (name, tag, version, signal) => setDistTag(client, name, tag, version, signal),
    probe: async (signal) => probe(client, signal),
    warm: () => put.warm(),
    stop: async () => {
      client.stop();
      await put.stop();
    },
  };
}

async function setDistTag(
  client: HttpClient,
  name: string,
  tag: string,
  version: string,
  signal: AbortSignal,
): Promise<void> {
  const path = `-/package/${encodeURIComponent(name)}/dist-tags/${encodeURIComponent(tag)}`;
  const answer = await client.call({ method: 'PUT', path, body: JSON.stringify(version) }, signal);
  const isPage = answer.body.trimStart().startsWith('<');
  if (answer.status >= 300 || isPage) {
    throw new Outage('registry', 'down', `HTTP ${answer.status}${isPage ? ' and a web page' : ''}`);
  }
}

import { readHashes } from '../../domain/package/integrity.ts';
import type { HttpCall, HttpClient } from './http-client.ts';
import { parseJson, saysUnknown } from './parse-packument.ts';
import { unreadable } from './registry-trouble.ts';

/** The facts about one version in the registry's document. */
export interface Dist {
  readonly file: string;
  readonly integrity: string | undefined;
  /** Epoch milliseconds; undefined when the document does not say. */
  readonly receivedAt: number | undefined;
  /** Names of the dist-tags that point to the version, sorted. */
  readonly distTags: readonly string[];
}

/** Undefined when the registry does not hold the version. Throws RegistryTrouble. */
export async function findDist(
  client: HttpClient,
  name: string,
  version: string,
  signal: AbortSignal,
): Promise<Dist | undefined> {
  const answer = await client.call({ method: 'GET', path: encodeURIComponent(name) }, signal);
  if (answer.status === 404 && saysUnknown(answer)) return undefined;
  const document = parseJson(answer.body);
  const versions = document?.['versions'];
  if (answer.status !== 200 || versions === undefined) {
    throw unreadable(`HTTP ${answer.status} for a document`);
  }
  const manifest = propertyOf(versions, version);
  if (document === undefined || manifest === undefined) return undefined;
  const dist = propertyOf(manifest, 'dist');
  return {
    file: nameFile(propertyOf(dist, 'tarball')) ?? `${name}-${version}.tgz`,
    integrity: readHashes(propertyOf(dist, 'integrity'), propertyOf(dist, 'shasum')),
    receivedAt: parseTime(propertyOf(document['time'], version)),
    distTags: listTags(document['dist-tags'], version),
  };
}

function nameFile(address: unknown): string | undefined {
  return typeof address === 'string' ? /\/-\/([^/?#]+)$/.exec(address)?.[1] : undefined;
}

/** Requests the tarball from the registry's own origin, whatever address the document names. */
export function callForTarball(name: string, dist: Dist): HttpCall {
  const path = `${encodeURIComponent(name)}/-/${encodeURIComponent(dist.file)}`;
  return { method: 'GET', path, headers: { accept: 'application/octet-stream' }, binary: true };
}

function propertyOf(value: unknown, key: string): unknown {
  const isHeld = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
  return isHeld ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function parseTime(value: unknown): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isSafeInteger(at) ? at : undefined;
}

function listTags(tags: unknown, version: string): readonly string[] {
  if (typeof tags !== 'object' || tags === null) return [];
  return Object.entries(tags)
    .filter(([, target]) => target === version)
    .map(([tag]) => tag)
    .toSorted();
}

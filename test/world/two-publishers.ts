import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { World } from '../../sandbox/world.ts';
import { releaseVersion } from './releasing.ts';
import { packageOf } from './report-reading.ts';

export interface Round {
  readonly outcome: string;
  readonly reason: string | null;
  readonly theirStatus: number;
  /** The served tarball has the bytes that the registry's document names. */
  readonly isWhole: boolean;
}

const sha512 = (bytes: Uint8Array): string => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/**
 * Releases a version while somebody else, past the proxy, sends the same version with other bytes at the moment at which
 * our upload begins. Fails when it is said to be published and what is served is not ours.
 */
export async function raceFor(world: World, name: string, theirBytes: number): Promise<Round> {
  const theirs = document(world, name, randomBytes(theirBytes));
  let answered: Promise<Response> | undefined;
  world.proxy.setFaults(({ method, path, count }) => {
    if (method === 'PUT' && path === `/${name}` && count === 1) answered = put(world, name, theirs);
    return undefined;
  });
  const job = await releaseVersion(world, name, '1.0.0');
  world.proxy.clear();
  const theirAnswer = await answered;
  const response = await fetch(`${world.registry.url}${name}/-/${name}-1.0.0.tgz`);
  const served = sha512(new Uint8Array(await response.arrayBuffer()));
  const shown = (await world.packument(name))?.versions['1.0.0']?.dist.integrity;
  const { outcome, reason, integrity } = packageOf(job, name);
  if (outcome === 'published')
    expect({ name, served, shown }).toEqual({ name, served: integrity, shown: integrity });
  else expect(reason).toBe('published-copy-differs');
  return { outcome, reason, theirStatus: theirAnswer?.status ?? 0, isWhole: served === shown };
}

function document({ registry }: World, name: string, bytes: Buffer): string {
  const file = `${name}-1.0.0.tgz`;
  const dist = {
    tarball: `${registry.url}${name}/-/${file}`,
    integrity: sha512(bytes),
    shasum: createHash('sha1').update(bytes).digest('hex'),
  };
  return JSON.stringify({
    _id: name,
    name,
    'dist-tags': { latest: '1.0.0' },
    versions: { '1.0.0': { name, version: '1.0.0', dist } },
    _attachments: {
      [file]: {
        content_type: 'application/octet-stream',
        data: bytes.toString('base64'),
        length: bytes.length,
      },
    },
  });
}

async function put({ registry }: World, name: string, body: string): Promise<Response> {
  return fetch(`${registry.url}${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${registry.token}` },
    body,
  });
}

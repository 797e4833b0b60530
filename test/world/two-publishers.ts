import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import type { World } from '../../sandbox/world.ts';
import { folderOf } from './releasing.ts';
import { packageOf } from './report-reading.ts';

export interface Round {
  readonly outcome: string;
  readonly reason: string | null;
  readonly theirStatus: number;
  /** True when the served tarball has the bytes that the registry's document names. */
  readonly isWhole: boolean;
}

const sha512 = (bytes: Uint8Array): string => `sha512-${createHash('sha512').update(bytes).digest('base64')}`;

/**
 * Releases packages in one commit while somebody else, past the proxy, sends the same versions with other bytes at the
 * moment at which each of our uploads begins. Fails when one is reported as published and the served bytes are not
 * ours.
 */
export async function race(
  world: World,
  theirBytes: Readonly<Record<string, number>>,
): Promise<readonly Round[]> {
  const names = Object.keys(theirBytes);
  const theirs = new Map(
    names.map((name) => [name, document(world, name, randomBytes(theirBytes[name] ?? 0))]),
  );
  const answers = new Map<string, Promise<Response>>();
  world.proxy.setFaults(({ method, path, count }) => {
    const name = path.slice(1);
    const body = theirs.get(name);
    if (method === 'PUT' && body !== undefined && count === 1) answers.set(name, put(world, name, body));
    return undefined;
  });
  const packages = names.map((name) => unityPackage(name, '1.0.0', { folder: folderOf(name) }));
  const job = await world.publish({ files: Object.assign({}, ...packages) as TreeFiles });
  world.proxy.clear();
  return Promise.all(
    names.map(async (name) => {
      const theirStatus = (await answers.get(name))?.status ?? 0;
      const response = await fetch(`${world.registry.url}${name}/-/${name}-1.0.0.tgz`);
      const served = sha512(new Uint8Array(await response.arrayBuffer()));
      const shown = (await world.packument(name))?.versions['1.0.0']?.dist.integrity;
      const { outcome, reason, integrity } = packageOf(job, name);
      const expected = { name, served: integrity, shown: integrity };
      if (outcome === 'published') expect({ name, served, shown }).toEqual(expected);
      else expect(['failed', 'skipped']).toContain(outcome);
      return { outcome, reason, theirStatus, isWhole: served === shown };
    }),
  );
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

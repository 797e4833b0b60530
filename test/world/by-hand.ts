import { expect } from 'vitest';
import type { SandboxRegistry } from '../../sandbox/registry.ts';

/** Puts the only version of a package on the registry, as somebody else would. */
export async function putByHand(
  { url, token }: Pick<SandboxRegistry, 'url' | 'token'>,
  {
    name,
    version,
    ...fields
  }: { readonly name: string; readonly version: string; readonly repository?: unknown },
  { bytes, integrity }: { readonly bytes: Buffer; readonly integrity: string },
): Promise<void> {
  const file = `${name}-${version}.tgz`;
  const manifest = { ...fields, name, version, dist: { tarball: `${url}${name}/-/${file}`, integrity } };
  const data = bytes.toString('base64');
  const answer = await fetch(`${url}${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({
      _id: name,
      name,
      'dist-tags': { latest: version },
      versions: { [version]: manifest },
      _attachments: { [file]: { content_type: 'application/octet-stream', data, length: bytes.length } },
    }),
  });
  expect(answer.status).toBe(201);
}

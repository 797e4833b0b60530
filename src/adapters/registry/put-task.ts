import type { Upload } from '../../ports/registry.ts';
import type { Exchange } from './exchange.ts';

/** Everything that one PUT needs; can be sent to a worker unchanged. */
export interface PutTask {
  readonly registryUrl: string;
  /** Never logged or written anywhere. Empty when there is none. */
  readonly token: string;
  readonly name: string;
  readonly version: string;
  readonly distTag: string;
  /** The manifest for the registry, as JSON. */
  readonly manifestJson: string;
  readonly tarball: Upload['tarball'];
  readonly idleTimeoutMs: number;
}

/** The answer of the publish worker. */
export type PutReply =
  | { readonly kind: 'exchanged'; readonly exchange: Exchange }
  | { readonly kind: 'tarball-changed' }
  /** libnpmpublish refused before a request was made. */
  | { readonly kind: 'not-tried'; readonly code: string };

export const userAgent = 'upm-auto-publisher';

/** Thrown when the file is no longer what was packed. No complete document was sent. */
export class TarballChanged extends Error {
  constructor() {
    super('the stored tarball is not what was packed');
    this.name = 'TarballChanged';
  }
}

export function toPutTask(
  upload: Upload,
  to: { readonly registryUrl: string; readonly token: string; readonly idleTimeoutMs: number },
): PutTask {
  const { name, version, distTag, tarball } = upload;
  const manifest = { ...upload.manifest.fields, name, version, readme: upload.readme ?? '' };
  return { ...to, name, version, distTag, tarball, manifestJson: JSON.stringify(manifest) };
}

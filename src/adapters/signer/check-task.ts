import type { PackedEntry, Tarball } from '../../domain/package/tarball.ts';

/** What goes to the worker that checks and keeps a signed tarball. */
export interface CheckTask {
  /** What the signer wrote; not trusted. */
  readonly signedFile: string;
  readonly folder: string;
  readonly entries: readonly PackedEntry[];
  readonly name: string;
  readonly version: string;
  readonly temporaryFile: string;
  readonly outFile: string;
  readonly maxBytes: number;
}

/** What comes back. */
export type CheckReply =
  | { readonly kind: 'kept'; readonly tarball: Tarball }
  | { readonly kind: 'differs'; readonly problem: string }
  | { readonly kind: 'too-large'; readonly bytes: number }
  | { readonly kind: 'disk-full' };

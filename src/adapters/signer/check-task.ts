import type { PackedEntry, Tarball } from '../../domain/package/tarball.ts';

/** The message sent to the worker that checks and keeps a signed tarball. */
export interface CheckTask {
  /** The file that the signer wrote; not trusted. */
  readonly signedFile: string;
  readonly folder: string;
  readonly entries: readonly PackedEntry[];
  readonly name: string;
  readonly version: string;
  readonly temporaryFile: string;
  readonly outFile: string;
  readonly maxBytes: number;
}

/** The answer of that worker. */
export type CheckReply =
  | { readonly kind: 'kept'; readonly tarball: Tarball }
  | { readonly kind: 'differs'; readonly problem: string }
  | { readonly kind: 'too-large'; readonly bytes: number }
  | { readonly kind: 'disk-full' };

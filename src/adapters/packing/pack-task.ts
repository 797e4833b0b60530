import type { Packed } from '../../ports/packing.ts';

/** The message sent to a pack worker. */
export interface PackTask {
  readonly folder: string;
  /** Fields of the manifest as JSON. */
  readonly fieldsJson: string;
  readonly temporaryFile: string;
  readonly outFile: string;
  readonly maxBytes: number;
  readonly always: readonly string[];
}

/** The answer of a pack worker. */
export type PackReply =
  | { readonly kind: 'packed'; readonly packed: Packed }
  /** The size limit was exceeded; `bytes` is the size when packing stopped. */
  | { readonly kind: 'too-large'; readonly bytes: number }
  | { readonly kind: 'disk-full' }
  | { readonly kind: 'failed'; readonly problem: string };

import type { Packed } from '../../ports/packing.ts';

/** What goes to a pack worker. */
export interface PackTask {
  readonly folder: string;
  /** The manifest's fields as JSON. */
  readonly fieldsJson: string;
  readonly temporaryFile: string;
  readonly outFile: string;
  readonly maxBytes: number;
  readonly always: readonly string[];
}

/** What comes back. */
export type PackReply =
  | { readonly kind: 'packed'; readonly packed: Packed }
  /** `bytes` so far; more than allowed. */
  | { readonly kind: 'too-large'; readonly bytes: number }
  | { readonly kind: 'disk-full' }
  | { readonly kind: 'failed'; readonly problem: string };

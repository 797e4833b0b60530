import type { FileToScan, FoundSecret } from '../../ports/preflight.ts';

/** Limit per file; the rest of a larger file is not searched. */
export const searchedBytesMax = 8 * 1024 * 1024;

/** A piece of a file; both numbers count from 0. */
export interface ScanPlace {
  readonly file: number;
  readonly piece: number;
}

/** The message sent to the scan worker. */
export interface ScanTask {
  readonly folder: string;
  readonly files: readonly FileToScan[];
  /** Where the search continues. */
  readonly from: ScanPlace;
  /** After this time the search stops at the next place from which it can continue. */
  readonly sliceMs: number;
  /** Key for fingerprints; the worker never writes it anywhere. */
  readonly key: string;
  /** The worker stores the index of the current file here, so that it is known even when the worker does not answer. */
  readonly position: Int32Array<SharedArrayBuffer>;
}

/** The answer of the scan worker. */
export type ScanReply =
  | {
      readonly kind: 'scanned';
      readonly found: readonly FoundSecret[];
      /** Indices of files that were not searched to their end. */
      readonly cut: readonly number[];
      /** Where to continue; undefined when everything was searched. */
      readonly next: ScanPlace | undefined;
      readonly spentMs: number;
    }
  | { readonly kind: 'failed'; readonly code: string };

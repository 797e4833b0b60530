import type { FileToScan, FoundSecret } from '../../ports/preflight.ts';

/** Of one file; what lies behind is not searched. */
export const searchedBytesMax = 8 * 1024 * 1024;

/** A piece of a file, both counted from 0. */
export interface ScanPlace {
  readonly file: number;
  readonly piece: number;
}

/** What goes to the scan worker. */
export interface ScanTask {
  readonly folder: string;
  readonly files: readonly FileToScan[];
  /** Where the search goes on. */
  readonly from: ScanPlace;
  /** Once so much time has passed, it ends at the next place where it can go on. */
  readonly sliceMs: number;
  /** For fingerprints; never written by the worker. */
  readonly key: string;
  /** The worker writes the index of the file that it is at: who waits knows it when there is no answer. */
  readonly position: Int32Array<SharedArrayBuffer>;
}

/** What comes back. */
export type ScanReply =
  | {
      readonly kind: 'scanned';
      readonly found: readonly FoundSecret[];
      /** Indices of files that were not searched to their end. */
      readonly cut: readonly number[];
      /** Where to go on; undefined when all was searched. */
      readonly next: ScanPlace | undefined;
      readonly spentMs: number;
    }
  | { readonly kind: 'failed'; readonly code: string };

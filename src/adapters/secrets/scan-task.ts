import type { FileToScan, FoundSecret } from '../../ports/secret-scanner.ts';

/** Of one file; what lies behind is not searched. */
export const searchedBytesMax = 8 * 1024 * 1024;

/** What goes to the scan worker. */
export interface ScanTask {
  readonly folder: string;
  readonly files: readonly FileToScan[];
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
    }
  | { readonly kind: 'failed'; readonly code: string };

import type { Integrity } from './packument.ts';

export interface PackedEntry {
  /** Relative to the package, without the leading `package/`. */
  readonly path: string;
  readonly bytes: number;
}

/** The bytes we publish: on disk, fsynced, never rewritten. */
export interface Tarball {
  readonly file: string;
  readonly bytes: number;
  readonly integrity: Integrity;
  /** Hex SHA-1, which old npm clients still ask for. */
  readonly shasum: string;
}

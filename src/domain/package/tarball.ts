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

/** A file of a tarball, identified by its contents. */
export interface PackedFile extends PackedEntry {
  /** 64 hexadecimal digits; for anything but a regular file, its kind instead. */
  readonly sha256: string;
}

/** The contents of a tarball, without the bytes. */
export interface TarballContents {
  /** Sorted by path. */
  readonly files: readonly PackedFile[];
  /** Text of the tarball's own package.json; undefined when there is none, or it is larger than a manifest can be. */
  readonly manifest: string | undefined;
}

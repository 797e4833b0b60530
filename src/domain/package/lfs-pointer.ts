/** The contents of a Git LFS pointer file. */
export interface LfsPointer {
  /** Hex SHA-256 of the content. */
  readonly oid: string;
  readonly bytes: number;
}

export type ParsedPointer =
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'pointer'; readonly pointer: LfsPointer };

const marker = 'version https://git-lfs.github.com/spec/';
const shortest = 100;
const longest = 1024;

/**
 * Whether a file of this size may be a pointer. Pointer files have less than 1,024 bytes, so no other file has to be
 * read.
 */
export function mayBePointer(bytes: number): boolean {
  return bytes >= shortest && bytes <= longest;
}

/** Parses a pointer: the version line first, then keys in alphabetical order, one a line (Git LFS specification). */
export function parsePointer(text: string): ParsedPointer {
  if (!text.startsWith(marker)) return { kind: 'none' };
  const oid = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const size = /^size (\d{1,15})$/m.exec(text)?.[1];
  if (oid === undefined || size === undefined) return { kind: 'unreadable' };
  return { kind: 'pointer', pointer: { oid, bytes: Number(size) } };
}

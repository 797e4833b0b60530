/** What stands in a Git LFS pointer file. */
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

/** Pointer files have less than 1,024 bytes; no other file needs to be read. */
export function mayBePointer(bytes: number): boolean {
  return bytes >= shortest && bytes <= longest;
}

/** Git LFS specification: the version line first, then keys in alphabetical order, one a line. */
export function parsePointer(text: string): ParsedPointer {
  if (!text.startsWith(marker)) return { kind: 'none' };
  const oid = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const size = /^size (\d{1,15})$/m.exec(text)?.[1];
  if (oid === undefined || size === undefined) return { kind: 'unreadable' };
  return { kind: 'pointer', pointer: { oid, bytes: Number(size) } };
}

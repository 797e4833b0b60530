import type { PackedEntry } from '../domain/tarball.ts';

/** What versions on the registry hold. */
export interface PublishedFiles {
  /**
   * A text at the root of a version's tarball, its name compared without case; undefined when the version or the file is
   * not there, or is larger than a text should be. The tarball's integrity is checked. Throws Outage('registry'),
   * NameRefusal, and PublishError published-copy-differs.
   */
  findText(name: string, version: string, file: string, signal: AbortSignal): Promise<string | undefined>;
  /**
   * Hands on the regular files of a version's tarball, one after the other; how many bytes the tarball has and what is in
   * it, or why it cannot be read. The integrity is checked at the end: what was handed on counts only then. Throws
   * Outage('registry') and NameRefusal.
   */
  readFiles(name: string, version: string, visitor: FileVisitor, signal: AbortSignal): Promise<ReadTarball>;
}

export interface FileVisitor {
  /** Called for each file; only what is wanted is taken. */
  wants(entry: PackedEntry): boolean;
  take(entry: PackedEntry, content: Buffer): void;
}

export type ReadTarball =
  | { readonly kind: 'read'; readonly bytes: number; readonly entries: readonly PackedEntry[] }
  /** Completes "com.x.y 1.0.0 …". */
  | { readonly kind: 'unreadable'; readonly problem: string };

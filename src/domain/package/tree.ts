export interface TreeEntry {
  /** From the repository root, `/` separated, exactly as committed (valid UTF-8 only). */
  readonly path: string;
  /** git's mode: 100644, 100755, 120000 (symlink), 160000 (submodule). */
  readonly mode: '100644' | '100755' | '120000' | '160000';
  /** Object id of the blob (or of the submodule's commit). */
  readonly oid: string;
}

/** The files of one commit, sorted as git lists them. */
export type Tree = readonly TreeEntry[];

export interface DatabaseBackup {
  /** Absolute path. */
  readonly file: string;
  readonly bytes: number;
}

/** Whole, checked copies of the database in a folder of their own. */
export interface DatabaseBackups {
  /**
   * Copies what is committed now while others go on writing, checks the copy against it, and only then gives it its name.
   * Throws when it cannot be written or is not sound; nothing is left under that name then.
   */
  make(signal: AbortSignal): Promise<DatabaseBackup & { readonly rows: number }>;
  /** Newest first. */
  list(): Promise<readonly DatabaseBackup[]>;
  remove(backup: DatabaseBackup): Promise<void>;
}

/** The volume of DATA_DIR: what every job writes to. */
export interface Volume {
  /** Throws PublishError disk-full when there is no room for work, DiskTrouble when nothing can be written. */
  check(): Promise<void>;
}

/** Somebody outside who notices when we fall silent. */
export interface Heartbeat {
  /** Tells it that all is well. Throws HeartbeatRefused when it was not heard. */
  beat(signal: AbortSignal): Promise<void>;
}

/** It was not heard; the message is one phrase without the address, which may hold a key. */
export class HeartbeatRefused extends Error {
  constructor(detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'HeartbeatRefused';
  }
}

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

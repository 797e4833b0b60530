/** The volume of DATA_DIR, to which every job writes. */
export interface Volume {
  /** Throws PublishError disk-full if there is too little space for work, and DiskTrouble if nothing can be written. */
  check(): Promise<void>;
}

/** An external service that raises an alert when the process stops reporting. */
export interface Heartbeat {
  /** Reports that everything works. Throws HeartbeatRefused if the service did not accept the report. */
  beat(signal: AbortSignal): Promise<void>;
}

/** The service did not accept the report. The message is one phrase without the address, which may contain a key. */
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

/** Complete, checked copies of the database in a separate folder. */
export interface DatabaseBackups {
  /**
   * Copies the committed data while other writes continue, checks the copy against the database, and only then gives it
   * its final name. Throws if the copy cannot be written or is damaged; no file has the final name then.
   */
  make(signal: AbortSignal): Promise<DatabaseBackup & { readonly rows: number }>;
  /** Lists backups, newest first. */
  list(): Promise<readonly DatabaseBackup[]>;
  remove(backup: DatabaseBackup): Promise<void>;
}

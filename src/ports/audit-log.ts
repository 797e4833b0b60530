export interface AuditEntry {
  /** Epoch milliseconds. */
  readonly at: number;
  /** `dispatch-accepted`, `dispatch-refused`, `job-finished`, … */
  readonly action: string;
  readonly actor: string;
  readonly subject: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Append-only. */
export interface AuditLog {
  append(entry: Omit<AuditEntry, 'at'>): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<readonly AuditEntry[]>;
}

/** Where rows of the audit trail go when their time is over. */
export interface AuditArchive {
  /**
   * Writes the lines under this name, in place of what an earlier try left there, and reads them back. Durable when it
   * resolves with how many lines there are; throws ArchiveDamagedError when they are not those that were written.
   */
  save(name: string, lines: AsyncIterable<string>): Promise<number>;
}

/** What was read back is not what was written; nothing may be deleted. */
export class ArchiveDamagedError extends Error {
  constructor(name: string, options?: ErrorOptions) {
    super(`the archive ${name} could not be read back as it was written`, options);
    this.name = 'ArchiveDamagedError';
  }
}

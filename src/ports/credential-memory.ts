import type { KnownCredential } from '../domain/credential.ts';

/** What is known of our credentials, never the credentials. */
export interface CredentialMemory {
  list(): Promise<readonly KnownCredential[]>;
  /** Replaces everything. */
  save(credentials: readonly KnownCredential[]): Promise<void>;
}

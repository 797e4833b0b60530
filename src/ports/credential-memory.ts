import type { CredentialName, KnownCredential } from '../domain/credential.ts';

/** What is known of our credentials, never the credentials. */
export interface CredentialMemory {
  list(): Promise<readonly KnownCredential[]>;
  /** It is refused no longer; true when it was. */
  markTaken(name: CredentialName): Promise<boolean>;
  /** Replaces everything. */
  save(credentials: readonly KnownCredential[]): Promise<void>;
}

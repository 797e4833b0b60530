import type { StoredVersion } from '../domain/daily-check.ts';

export interface PublishedVersions {
  /** Every version that we saw on the registry after publishing it, by name; once each, as it was sent last. */
  listStored(): Promise<readonly StoredVersion[]>;
}

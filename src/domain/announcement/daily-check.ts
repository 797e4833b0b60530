import type { Anomaly } from '../job/anomaly.ts';
import type { DriftSummary } from '../package/drift.ts';

/** What one look at everything found. */
export interface DailyCheck {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Names that the registry was asked for. */
  readonly names: number;
  /** How many of the names it did not answer for: nothing is concluded about them. */
  readonly unknownNames: number;
  readonly repositories: number;
  /** How many of the repositories have a head that could not be read. */
  readonly unreadRepositories: number;
  readonly drift: DriftSummary;
  /** Sorted by name. */
  readonly anomalies: readonly Anomaly[];
}

/** A version that we saw on the registry after publishing it. */
export interface StoredVersion {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  /** Hex SHA-1. */
  readonly shasum: string;
  readonly bytes: number;
  /** Epoch milliseconds at which the upload was decided. */
  readonly sentAt: number;
}

/** What is remembered of a name from one check to the next. */
export interface CheckedName {
  readonly name: string;
  /** The highest version to which `latest` was seen pointing. */
  readonly latest: string | undefined;
  /** The repository at whose head the name was last seen, as `owner/name`. */
  readonly repository: string | undefined;
  /** Epoch milliseconds at which it was seen there. */
  readonly atHead: number | undefined;
}

import type { Anomaly } from '../job/anomaly.ts';
import type { DriftSummary } from '../package/drift.ts';

/** What one look at everything found. */
export interface DailyCheck {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Names that the registry was asked for. */
  readonly names: number;
  /** Of them, those that it did not answer for: nothing is concluded about them. */
  readonly unknownNames: number;
  readonly repositories: number;
  /** Of them, those whose head could not be read. */
  readonly unreadRepositories: number;
  readonly drift: DriftSummary;
  /** By name. */
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
  /** Epoch milliseconds: when its upload was decided. */
  readonly sentAt: number;
}

/** What is remembered of a name from one check to the next. */
export interface CheckedName {
  readonly name: string;
  /** The highest version that `latest` was seen at. */
  readonly latest: string | undefined;
  /** Where it last stood at a head, as `owner/name`. */
  readonly repository: string | undefined;
  /** When that was; epoch milliseconds. */
  readonly atHead: number | undefined;
}

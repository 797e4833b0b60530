import type { WordingFallback } from '../changelog/changelog.ts';
import type { Anomaly } from '../job/anomaly.ts';
import type { OpenFailure } from '../job/open-failure.ts';
import type { PublishedLine, WorkSummary } from '../job/work-summary.ts';
import type { DriftSummary } from '../package/drift.ts';
import type { DayStatistics } from './day-statistics.ts';

/** A day of the service as data. Texts in it are hostile. */
export interface Digest {
  /** Epoch milliseconds: what happened from `from` on and before `to`. */
  readonly from: number;
  readonly to: number;
  readonly jobs: WorkSummary;
  readonly published: readonly PublishedLine[];
  /** Failures within that time that are still open. */
  readonly failures: readonly OpenFailure[];
  /** How many failures before that time are still open. */
  readonly olderFailures: number;
  readonly parked: readonly ParkedLine[];
  /** The last daily check; undefined before the first. */
  readonly check: CheckedPart | undefined;
  readonly expiring: readonly ExpiringCredential[];
  /** How often rules worded changelogs in place of the model, most frequent reason first. Older digests lack it. */
  readonly wordedByRule?: readonly WordingFallback[];
  readonly nextRuns: readonly NextRun[];
  /** Days for the chart, oldest first. */
  readonly days: readonly DayStatistics[];
}

export interface DigestAnnouncement {
  readonly kind: 'digest';
  readonly digest: Digest;
}

export interface ParkedLine {
  readonly job: number;
  readonly repository: string;
  readonly waitingFor: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

export interface CheckedPart {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly names: number;
  readonly unknownNames: number;
  readonly repositories: number;
  readonly unreadRepositories: number;
  readonly drift: DriftSummary;
  /** Anomalies that were not announced yet, or changed since. */
  readonly anomalies: readonly Anomaly[];
  /** How many anomalies were announced before and are still there. */
  readonly olderAnomalies: number;
}

export interface ExpiringCredential {
  /** Name of the credential in a sentence, such as `the registry’s token`. */
  readonly what: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export interface NextRun {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Whether anybody has to know: a day on which nothing happened and all is well is no news, and neither is what was
 * announced before.
 */
export function hasNews(digest: Digest): boolean {
  const { jobs, published, failures, parked, check, expiring } = digest;
  const counts = [jobs.failed, published.length, failures.length, parked.length, expiring.length];
  return counts.some((count) => count > 0) || (check?.anomalies.length ?? 0) > 0;
}

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
  /** Failed within that time, and still open. */
  readonly failures: readonly OpenFailure[];
  /** Failed before, and still open. */
  readonly olderFailures: number;
  readonly parked: readonly ParkedLine[];
  /** The last daily check; undefined before the first. */
  readonly check: CheckedPart | undefined;
  readonly expiring: readonly ExpiringCredential[];
  /** How often changelogs were worded by rules in place of the model, most frequent reason first. Older digests lack it. */
  readonly wordedByRule?: readonly WordingFallback[];
  readonly nextRuns: readonly NextRun[];
  /** For the chart, oldest first. */
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
  /** Not told yet, or changed since. */
  readonly anomalies: readonly Anomaly[];
  /** Told before, and still so. */
  readonly olderAnomalies: number;
}

export interface ExpiringCredential {
  /** `the registry’s token`. */
  readonly what: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export interface NextRun {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Whether anybody has to know: nothing happened and all is well is no news, and what was told before is none. */
export function hasNews(digest: Digest): boolean {
  const { jobs, published, failures, parked, check, expiring } = digest;
  const counts = [jobs.failed, published.length, failures.length, parked.length, expiring.length];
  return counts.some((count) => count > 0) || (check?.anomalies.length ?? 0) > 0;
}

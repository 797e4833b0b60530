import type { DayStatistics } from '../domain/day-statistics.ts';

export type { DayStatistics };

export interface Statistics {
  /** Every day from `from` to `to` (YYYY-MM-DD, both included), oldest first; days without anything are zeros. */
  listDays(from: string, to: string): Promise<readonly DayStatistics[]>;
}

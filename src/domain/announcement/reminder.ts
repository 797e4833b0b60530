import type { OpenFailure } from '../job/open-failure.ts';

/** Failures of an earlier day that are still open; each is announced once. */
export interface Reminder {
  readonly kind: 'reminder';
  readonly failures: readonly OpenFailure[];
  /** Epoch milliseconds. */
  readonly at: number;
}

import type { Neighbour, Outage } from '../failure/failure.ts';

/** How a claimed job goes back to the queue. */
export type GiveBack =
  /** Tried again by itself later. Counts as an attempt. */
  | { readonly kind: 'retry'; readonly notBefore: number }
  /** The registry has not shown the version yet. Does not count as an attempt. */
  | { readonly kind: 'visibility'; readonly notBefore: number }
  /** A neighbour is down. Does not count as an attempt; the first parking time is kept. */
  | {
      readonly kind: 'parked';
      readonly neighbour: Neighbour;
      readonly outage: Outage['kind'];
      readonly detail: string;
    }
  /** The process stops. Does not count as an attempt. */
  | { readonly kind: 'released' }
  /**
   * These jobs of the repository run first, in this order, in the places that they and this job hold. Does not count as
   * an attempt.
   */
  | { readonly kind: 'gave-way'; readonly to: readonly number[] };

const audited: Readonly<Record<GiveBack['kind'], string>> = {
  retry: 'job-postponed',
  visibility: 'job-awaits-registry',
  parked: 'job-parked',
  released: 'job-released',
  'gave-way': 'job-gave-way',
};

/** Returns the action that the audit trail records. */
export function auditedAs({ kind }: GiveBack): string {
  return audited[kind];
}

/** Whether the attempt counts when the job is given back like this. */
export function spendsAttempt({ kind }: GiveBack): boolean {
  return kind === 'retry';
}

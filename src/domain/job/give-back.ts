import type { Neighbour, Outage } from '../failure/failure.ts';

/** How a claimed job goes back to the queue. */
export type GiveBack =
  /** An automatic attempt later. Counts. */
  | { readonly kind: 'retry'; readonly notBefore: number }
  /** The registry has not shown the version yet. Does not count. */
  | { readonly kind: 'visibility'; readonly notBefore: number }
  /** A neighbour is down. Does not count; first parking time is kept. */
  | {
      readonly kind: 'parked';
      readonly neighbour: Neighbour;
      readonly outage: Outage['kind'];
      readonly detail: string;
    }
  /** The process stops. Does not count. */
  | { readonly kind: 'released' }
  /** These jobs of the repository run first, in this order, in the places that they and this job hold. Does not count. */
  | { readonly kind: 'gave-way'; readonly to: readonly number[] };

const audited: Readonly<Record<GiveBack['kind'], string>> = {
  retry: 'job-postponed',
  visibility: 'job-awaits-registry',
  parked: 'job-parked',
  released: 'job-released',
  'gave-way': 'job-gave-way',
};

/** The action that the audit trail keeps of it. */
export function auditedAs({ kind }: GiveBack): string {
  return audited[kind];
}

/** Whether the attempt counts. */
export function spendsAttempt({ kind }: GiveBack): boolean {
  return kind === 'retry';
}

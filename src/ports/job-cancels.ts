export type CancelResult =
  /** It was queued, and is over now. */
  | { readonly kind: 'cancelled' }
  /** It runs, and ends as cancelled as soon as it can; an upload on its way may still land. */
  | { readonly kind: 'stopping' }
  /** There was nothing left to cancel. */
  | { readonly kind: 'over' };

/** Ends jobs that nobody wants any more. */
export interface JobCancels {
  /** `by` as the audit trail names people. What was published stays published. */
  cancel(job: number, by: string): Promise<CancelResult>;
}

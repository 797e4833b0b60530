export type CancelResult =
  /** It was queued, and is over now. */
  | { readonly kind: 'cancelled' }
  /** It runs, and ends as cancelled as soon as it can; an upload on its way may still land. */
  | { readonly kind: 'stopping' }
  /** It was over, and so many versions that it held wait no more. */
  | { readonly kind: 'no-longer-waits'; readonly count: number }
  /** There was nothing left to cancel. */
  | { readonly kind: 'over' };

/** Ends jobs that nobody wants any more. */
export interface JobCancels {
  /** `by` as the audit trail names people. What was published stays published. */
  cancel(job: number, by: string): Promise<CancelResult>;
}

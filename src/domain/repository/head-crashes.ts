/** `suspected`: one process died during a look at the commit; `left-alone`: two did. */
export type LookVerdict = 'trusted' | 'suspected' | 'left-alone';

/** How many processes may die during looks at one commit before the commit is left alone. */
export const mostCrashes = 2;

export function judgeCrashes(crashes: number): LookVerdict {
  if (crashes >= mostCrashes) return 'left-alone';
  return crashes > 0 ? 'suspected' : 'trusted';
}

/**
 * Returns up to how many crashes a look is blamed for: only one while a running job may have caused the crash as well.
 */
export function mostBlamed(wasJobRunning: boolean): number {
  return wasJobRunning ? 1 : mostCrashes;
}

/** `suspected`: one process died during a look at the commit; `left-alone`: two did. */
export type LookVerdict = 'trusted' | 'suspected' | 'left-alone';

/** So many processes die during looks at one commit before it is left alone. */
export const mostCrashes = 2;

export function judgeCrashes(crashes: number): LookVerdict {
  if (crashes >= mostCrashes) return 'left-alone';
  return crashes > 0 ? 'suspected' : 'trusted';
}

/** Up to how many crashes a look is blamed for: the first one only while a running job may have caused it as well. */
export function mostBlamed(wasJobRunning: boolean): number {
  return wasJobRunning ? 1 : mostCrashes;
}

const dayMs = 24 * 3_600_000;
/** How long a person who set a clock wrongly has to notice it. */
const doubtMs = 7 * dayMs;

/** Whether a clock that jumped forward by this much may have been set wrongly. */
export function isDoubtfulStep(stepMs: number): boolean {
  return stepMs > dayMs;
}

/** Whether such a step is so recent that what the clock calls old may be of today. */
export function isInDoubt(sinceMs: number): boolean {
  return sinceMs >= 0 && sinceMs < doubtMs;
}

/**
 * Longest time that anything waits; the longest of our rules are an hour: GitHub's limits, and a pull request that is
 * looked at again.
 */
export const longestWaitMs = 65 * 60_000;

/**
 * How long a used token is remembered after it expired: once a clock that was ahead is right again, it must not be used
 * twice.
 */
export const usedTokenKeptMs = dayMs;

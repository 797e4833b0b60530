const dayMs = 24 * 3_600_000;
/** A person who set a clock wrongly has so long to see it. */
const doubtMs = 7 * dayMs;

/** Whether a clock that went forth by so much may have been set wrongly. */
export function isDoubtfulStep(stepMs: number): boolean {
  return stepMs > dayMs;
}

/** Whether such a step is recent enough that what the clock calls old may be of today. */
export function isInDoubt(sinceMs: number): boolean {
  return sinceMs >= 0 && sinceMs < doubtMs;
}

/** The longest of our rules are an hour: GitHub's limits, and a pull request that is looked at again. */
export const longestWaitMs = 65 * 60_000;

/** How long a used token is known after it expired: a clock that was ahead must not let it be used twice once it is right. */
export const usedTokenKeptMs = dayMs;

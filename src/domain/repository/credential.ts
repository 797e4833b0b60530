/** Whose credential it is, by the same names as in the readiness. */
export type CredentialName = 'registry' | 'github' | 'discord' | 'gemini';

/** What the last check found out about one of our credentials. */
export interface KnownCredential {
  readonly name: CredentialName;
  /** Epoch milliseconds since when the credential is refused; undefined while it works. */
  readonly refusedSince: number | undefined;
  /** Epoch milliseconds; undefined when the credential does not expire, or its end is not known. */
  readonly expiresAt: number | undefined;
}

/** Days before the end at which the end is announced. */
const expirySteps = [1, 7, 14] as const;

const dayMs = 24 * 3_600_000;

/** Returns the step that was reached last; undefined while the end is far. */
export function findExpiryStep(expiresAt: number | undefined, now: number): number | undefined {
  if (expiresAt === undefined) return undefined;
  return expirySteps.find((days) => expiresAt - now <= days * dayMs);
}

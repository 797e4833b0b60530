/** Of whose credential we speak, as in the readiness. */
export type CredentialName = 'registry' | 'github' | 'discord' | 'gemini';

/** What the last look found of one of our credentials. */
export interface KnownCredential {
  readonly name: CredentialName;
  /** Epoch milliseconds since when it is refused; undefined while it works. */
  readonly refusedSince: number | undefined;
  /** Epoch milliseconds; undefined when it does not expire, or nobody says. */
  readonly expiresAt: number | undefined;
}

/** Days before the end at which it is told. */
const expirySteps = [1, 7, 14] as const;

const dayMs = 24 * 3_600_000;

/** The step that was reached last; undefined while the end is far. */
export function findExpiryStep(expiresAt: number | undefined, now: number): number | undefined {
  if (expiresAt === undefined) return undefined;
  return expirySteps.find((days) => expiresAt - now <= days * dayMs);
}

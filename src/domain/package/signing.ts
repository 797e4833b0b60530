/** The signature that Unity looks for in a package (Unity 6.3 and later). */
export const attestationFile = '.attestation.p7m';

/** What becomes of a package that cannot be signed: it is not published, or published with a warning; `off` signs nothing. */
export const signingPolicies = ['required', 'warn', 'off'] as const;
export type SigningPolicy = (typeof signingPolicies)[number];

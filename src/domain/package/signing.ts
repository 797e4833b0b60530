/** The signature that Unity looks for in a package (Unity 6.3 and later). */
export const attestationFile = '.attestation.p7m';

/**
 * What happens to a package that cannot be signed: `required` does not publish it, `warn` publishes it with a warning;
 * `off` signs nothing.
 */
export const signingPolicies = ['required', 'warn', 'off'] as const;
export type SigningPolicy = (typeof signingPolicies)[number];

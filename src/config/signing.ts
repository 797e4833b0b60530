import type { SigningPolicy } from '../domain/package/signing.ts';
import type { Reader } from './reader.ts';
import { settings } from './settings.ts';

/** How packages get their signature. */
export interface SigningConfig {
  /**
   * The program, then its arguments, which include `{folder}` and `{destination}`. Undefined when nothing can be
   * signed.
   */
  readonly signerCommand: readonly [string, ...(readonly string[])] | undefined;
  /** Names of the variables the program gets; see `Secrets.signerEnv`. */
  readonly signerEnvNames: readonly string[];
  readonly signerTimeoutSeconds: number;
  readonly signingPolicy: SigningPolicy;
}

export function readSigning({ problems, read }: Reader): SigningConfig {
  const signerCommand = read('SIGNER_COMMAND');
  const signingPolicy = read('SIGNING_POLICY') ?? (signerCommand === undefined ? 'off' : 'required');
  if (signingPolicy === 'required' && signerCommand === undefined)
    problems.push('SIGNER_COMMAND: not set, but SIGNING_POLICY is required; expected the program that signs');
  const ours: readonly string[] = settings.map(({ name }) => name);
  const signerEnvNames = read('SIGNER_ENV') ?? [];
  for (const name of signerEnvNames) {
    if (ours.includes(name.replace(/_FILE$/, '')))
      problems.push(`SIGNER_ENV: ${name} is a setting of this program; the signer does not get it`);
  }
  return {
    signerCommand,
    signerEnvNames,
    signingPolicy,
    signerTimeoutSeconds: read('SIGNER_TIMEOUT_SECONDS'),
  };
}

import type { SigningPolicy } from '../domain/package/signing.ts';
import { parseCommandLine } from './command-line.ts';
import type { Read } from './reader.ts';
import { secretNames, settings } from './settings.ts';
import { type Parse, parseList, parseOneOf, parseWhole } from './values.ts';

const signingPolicies: readonly SigningPolicy[] = ['required', 'warn', 'off'];

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

export function readSigning(read: Read, problems: string[]): SigningConfig {
  const signerCommand = read('SIGNER_COMMAND', parseTemplate, undefined);
  const otherwise = signerCommand === undefined ? 'off' : 'required';
  const signingPolicy = read('SIGNING_POLICY', parseOneOf(signingPolicies), otherwise);
  if (signingPolicy === 'required' && signerCommand === undefined)
    problems.push('SIGNER_COMMAND: not set, but SIGNING_POLICY is required; expected the program that signs');
  const ours: readonly string[] = [...settings.map(({ name }) => name), ...secretNames];
  const signerEnvNames = read('SIGNER_ENV', parseList(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/), []);
  for (const name of signerEnvNames) {
    if (ours.includes(name.replace(/_FILE$/, '')))
      problems.push(`SIGNER_ENV: ${name} is a setting of this program; the signer does not get it`);
  }
  return {
    signerCommand,
    signerEnvNames,
    signingPolicy,
    signerTimeoutSeconds: read('SIGNER_TIMEOUT_SECONDS', parseWhole(1, 3600), 0),
  };
}

const parseTemplate: Parse<readonly [string, ...(readonly string[])]> = (text) => {
  const [program, ...rest] = parseCommandLine(text) ?? [];
  const has = (placeholder: string): boolean => rest.some((argument) => argument.includes(placeholder));
  const isComplete = has('{folder}') && has('{destination}');
  return program === undefined || program === '' || !isComplete ? undefined : [program, ...rest];
};

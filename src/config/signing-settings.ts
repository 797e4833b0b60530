import { z } from 'zod';
import { signingPolicies } from '../domain/package/signing.ts';
import { parseCommandLine } from './command-line.ts';
import type { Setting } from './setting.ts';
import { listOf, parsedBy, wholeNumber } from './values.ts';

/** A program and its arguments, which include both placeholders. */
type CommandTemplate = readonly [string, ...(readonly string[])];

function parseTemplate(text: string): CommandTemplate | undefined {
  const [program, ...rest] = parseCommandLine(text) ?? [];
  const has = (placeholder: string): boolean => rest.some((argument) => argument.includes(placeholder));
  const isComplete = has('{folder}') && has('{destination}');
  return program === undefined || program === '' || !isComplete ? undefined : [program, ...rest];
}

/** Settings of how packages get their signature. */
export const signingSettings = [
  {
    name: 'SIGNER_COMMAND',
    schema: parsedBy(parseTemplate).describe(
      'a program and its arguments, with {folder} and {destination} among them; quotes as in a shell, but no shell',
    ),
    example: 'upm pack {folder} --organization-id 123 --destination {destination}',
    meaning:
      'packs and signs the folder `{folder}` into one tarball below the folder `{destination}`; without it nothing is signed',
  },
  {
    name: 'SIGNER_ENV',
    schema: listOf(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/).describe(
      'a comma list of names of variables that are not settings of this program',
    ),
    example: 'UPM_SERVICE_ACCOUNT_KEY',
    meaning:
      'variables that the signer gets besides PATH (a service account); their values are kept out of the log',
  },
  {
    name: 'SIGNER_TIMEOUT_SECONDS',
    schema: wholeNumber(1, 3600),
    default: '120',
    meaning: 'how long the signer may take for one package',
  },
  {
    name: 'SIGNING_POLICY',
    schema: z.enum(signingPolicies).describe('`required`, `warn` or `off`'),
    example: 'required',
    meaning:
      '`required`: what cannot be signed is not published; `warn`: it is published unsigned, with a warning; `required` with a SIGNER_COMMAND unless told, else `off`',
  },
] as const satisfies readonly Setting[];

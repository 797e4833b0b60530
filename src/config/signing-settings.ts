import type { Setting } from './setting.ts';

/** Settings of how packages get their signature. */
export const signingSettings = [
  {
    name: 'SIGNER_COMMAND',
    expects:
      'a program and its arguments, with {folder} and {destination} among them; quotes as in a shell, but no shell',
    meaning:
      'packs and signs the folder `{folder}` into one tarball below the folder `{destination}`; without it nothing is signed',
  },
  {
    name: 'SIGNER_ENV',
    expects: 'a comma list of names of variables that are not settings of this program',
    meaning:
      'variables that the signer gets besides PATH (a service account); their values are kept out of the log',
  },
  {
    name: 'SIGNER_TIMEOUT_SECONDS',
    default: '120',
    expects: 'a whole number from 1 to 3600',
    meaning: 'how long the signer may take for one package',
  },
  {
    name: 'SIGNING_POLICY',
    expects: '`required`, `warn` or `off`',
    meaning:
      '`required`: what cannot be signed is not published; `warn`: it is published unsigned, with a warning; `required` with a SIGNER_COMMAND unless told, else `off`',
  },
] as const satisfies readonly Setting[];

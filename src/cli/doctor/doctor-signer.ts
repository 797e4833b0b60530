import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Config, Secrets } from '../../config/load-config.ts';
import { type Finding, note, ok, problem } from './doctor-findings.ts';

/** Checks that the signing program can be started. It is not run, since that would use the service account. */
export async function checkSigner(config: Config, secrets: Secrets): Promise<readonly Finding[]> {
  const [program] = config.signerCommand ?? [];
  if (program === undefined) {
    const text = 'no SIGNER_COMMAND: packages are published without a signature';
    return [note('signing', text, 'Nothing to do, or set it; see “Signing” in docs/operations.md.')];
  }
  const env = secrets.signerEnv();
  const found = await findProgram(program, env['PATH'] ?? '');
  if (found === undefined) {
    return [
      problem('signing', `${program} was not found, or may not be run`, 'Correct SIGNER_COMMAND, or PATH.'),
    ];
  }
  const findings = [ok('signing', `${found} signs packages (${config.signingPolicy})`)];
  const missing = config.signerEnvNames.filter((name) => env[name] === undefined);
  if (missing.length > 0) {
    const text = `SIGNER_ENV names ${missing.join(', ')}, which is not set`;
    findings.push(problem('signing', text, 'Set it, or take it out of SIGNER_ENV.'));
  }
  return findings;
}

async function findProgram(program: string, path: string): Promise<string | undefined> {
  const places = program.includes('/')
    ? [program]
    : path.split(delimiter).map((folder) => join(folder, program));
  for (const place of places) {
    const isFile = await stat(place).then(
      (found) => found.isFile(),
      () => false,
    );
    const mayRun = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isFile && mayRun) return place;
  }
  return undefined;
}

import { styleText } from 'node:util';
import { type Config, loadConfig, type Secrets } from '../../config/load-config.ts';
import { buildRedactor } from '../../domain/text/redact.ts';
import { checkDiscord } from './doctor-discord.ts';
import { type Check, type Finding, problem } from './doctor-findings.ts';
import { checkGitHub, checkRepositories } from './doctor-github.ts';
import { checkDatabase, checkFolder, checkGit, checkSettings } from './doctor-machine.ts';
import { checkGemini, checkRegistry } from './doctor-neighbours.ts';
import { checkSigner } from './doctor-signer.ts';
import { checkBackup, checkHeartbeat } from './doctor-upkeep.ts';

const usage = `Checks settings, data folder, database, backup, heartbeat, git, registry, clock, GitHub, Discord, Gemini, signer and
repositories; one line each, with the remedy. Changes nothing, and may run beside the process.

  npm run doctor

Exit: 0 all is well, 1 something needs attention.
`;

/** All checks, in the order of the report; they run at the same time. */
const checks: readonly (readonly [subject: string, check: Check])[] = [
  ['settings', checkSettings],
  ['git', checkGit],
  ['data', checkFolder],
  ['database', checkDatabase],
  ['backup', checkBackup],
  ['heartbeat', checkHeartbeat],
  ['registry', checkRegistry],
  ['github', checkGitHub],
  ['discord', checkDiscord],
  ['gemini', checkGemini],
  ['signing', checkSigner],
  ['repositories', checkRepositories],
];
/** The time limit of each check, so that a hanging neighbour costs no more. */
const deadlineMs = 20_000;

async function main(): Promise<number> {
  if (process.argv.some((argument) => argument === '--help' || argument === '-h')) {
    process.stdout.write(usage);
    return 0;
  }
  const loaded = loadConfig(undefined, undefined, { require: 'doctor' });
  if (loaded.kind === 'problems') {
    for (const line of loaded.text.split('\n').slice(1)) {
      const remedy = 'Set it in the environment or in .env (see .env.example).';
      print(problem('settings', line.trim(), remedy), String);
    }
    return 1;
  }
  const { config, secrets } = loaded;
  const redact = buildRedactor(() => secrets.all());
  const asked = checks.map(async ([subject, check]) => settle(subject, check, config, secrets));
  let hasProblem = false;
  for (const findings of asked) {
    for (const finding of await findings) {
      print(finding, redact);
      hasProblem ||= finding.state === 'problem';
    }
  }
  return hasProblem ? 1 : 0;
}

/** Runs a check; never rejects, and never takes longer than its deadline. */
async function settle(
  subject: string,
  check: Check,
  config: Config,
  secrets: Secrets,
): Promise<readonly Finding[]> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new Error('deadline')), deadlineMs);
  const late = new Promise<readonly Finding[]>((resolve) => {
    const text = `no answer within ${deadlineMs / 1000} s`;
    const remedy = 'Check that this machine reaches it.';
    deadline.signal.addEventListener('abort', () => resolve([problem(subject, text, remedy)]));
  });
  const checked = check(config, secrets, deadline.signal).catch((error: unknown) => {
    const text = error instanceof Error ? `could not be checked (${error.name})` : 'could not be checked';
    return [problem(subject, text, 'Look into the log of the process, or report it.')];
  });
  return Promise.race([late, checked]).finally(() => clearTimeout(timer));
}

function print(finding: Finding, redact: (text: string) => string): void {
  const mark = { ok: '✓', note: '·', problem: '✗' }[finding.state];
  const color = ({ ok: 'green', note: 'yellow', problem: 'red' } as const)[finding.state];
  const remedy = finding.remedy === undefined ? '' : `\n    → ${finding.remedy}`;
  const line = `${styleText(color, mark)} ${finding.subject.padEnd(12)} ${finding.text}${remedy}`;
  process.stdout.write(`${redact(line)}\n`);
}

// Exits without waiting for checks that still hang.
process.exit(await main());

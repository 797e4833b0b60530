import { execFile } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inspectDatabase } from '../../store/engine/inspect-database.ts';
import { type Check, type Finding, note, ok, problem } from './doctor-findings.ts';

const oldestGit = [2, 36] as const;
const enoughBytes = 2 * 1024 ** 3;
/** Secrets that are shorter, or have fewer different characters, can be guessed. */
const strongLength = 20;
const strongCharacters = 8;

export const checkSettings: Check = async (config, secrets) => {
  const findings = [ok('settings', `all settings can be used; Node ${process.versions.node}`)];
  for (const warning of config.warnings)
    findings.push(note('settings', warning, 'Correct it or take it out.'));
  const hears = [secrets.dispatchSecrets(), secrets.webhookSecrets()].some((known) => known.length > 0);
  if (!hears && config.oidcAudience === undefined) {
    const found = config.catchUpMinutes > 0 ? `found every ${config.catchUpMinutes} min` : 'never noticed';
    const remedy =
      'Set GITHUB_WEBHOOK_SECRET, DISPATCH_SECRET or OIDC_AUDIENCE; see “GitHub” in docs/operations.md.';
    const text = `nobody may tell us of pushes: they are ${found}`;
    findings.push(config.catchUpMinutes > 0 ? note('pushes', text, remedy) : problem('pushes', text, remedy));
  }
  findings.push(...judgeSecrets('dispatch', 'DISPATCH_SECRET', secrets.dispatchSecrets()));
  findings.push(...judgeSecrets('webhook', 'GITHUB_WEBHOOK_SECRET', secrets.webhookSecrets()));
  return findings;
};

function judgeSecrets(subject: string, name: string, values: readonly string[]): readonly Finding[] {
  if (values.length === 0) return [];
  const isWeak = (value: string): boolean =>
    value.length < strongLength || new Set(value).size < strongCharacters;
  if (!values.some(isWeak)) return [ok(subject, `${name} is set and long enough`)];
  const remedy = 'Make a new one (openssl rand -hex 32), and change whoever signs with it.';
  return [problem(subject, `${name} can be guessed: it is short, or the same few characters`, remedy)];
}

export const checkGit: Check = async (_config, _secrets, signal) => {
  const remedy = `Install git ${oldestGit.join('.')} or newer.`;
  const asked = await promisify(execFile)('git', ['--version'], { signal }).catch(() => undefined);
  if (asked === undefined) return [problem('git', 'git was not found', remedy)];
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(asked.stdout) ?? []).slice(1).map(Number);
  const isOld = major < oldestGit[0] || (major === oldestGit[0] && minor < oldestGit[1]);
  const version = asked.stdout.trim();
  return [isOld ? problem('git', `${version} is too old`, remedy) : ok('git', version)];
};

export const checkFolder: Check = async ({ dataDir }) => {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const probe = join(dataDir, '.doctor');
    await writeFile(probe, '');
    await rm(probe);
  } catch {
    const remedy = 'Give this user write access, or change DATA_DIR.';
    return [problem('data', `${dataDir} cannot be written`, remedy)];
  }
  const { bavail, bsize } = await statfs(dataDir);
  const freeMb = Math.floor((bavail * bsize) / 1_000_000);
  if (bavail * bsize < enoughBytes) {
    const remedy = 'Mirrors and tarballs need room: free some space.';
    return [note('data', `${dataDir} has ${freeMb} MB free`, remedy)];
  }
  return [ok('data', `${dataDir} can be written, ${freeMb} MB free`)];
};

/** Checks the database without changing it: the service runs migrations. */
export const checkDatabase: Check = async ({ dataDir }) => {
  const inspected = inspectDatabase(dataDir);
  switch (inspected.kind) {
    case 'absent':
      return [ok('database', 'will be created at the first start')];
    case 'damaged':
      return [problem('database', `it ${inspected.why}`, 'See “Recovery” in docs/operations.md.')];
    case 'sound': {
      const { active, isLocked, pending } = inspected;
      const use = isLocked ? 'in use by a running process' : 'not in use';
      const sound = ok('database', `sound, ${use}; ${active.length} active repositories`);
      if (pending === 0) return [sound];
      const remedy = 'Back it up: the next start applies them, and an older version then refuses it.';
      return [sound, note('database', `${pending} migrations are pending`, remedy)];
    }
  }
};

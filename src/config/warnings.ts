import { jobSettings } from './job-settings.ts';
import type { Secrets } from './secrets.ts';
import { secretNames, settings } from './settings.ts';
import { findTypos } from './typos.ts';

const shortestSecret = 16;

/** Returns probable mistakes in the settings, one sentence each. */
export function findWarnings(
  env: Readonly<Record<string, string | undefined>>,
  secrets: Secrets,
): readonly string[] {
  const set = Object.keys(env).filter((name) => env[name] !== undefined && env[name] !== '');
  return [...findUnknown(set), ...findWeakSecrets(secrets)];
}

function findUnknown(set: readonly string[]): readonly string[] {
  const jobs: readonly string[] = jobSettings.map(({ name }) => name);
  const ours = settings.flatMap((setting) =>
    'secret' in setting ? [setting.name, `${setting.name}_FILE`] : [setting.name],
  );
  const typos = findTypos(
    set,
    [...ours, ...jobs],
    secretNames.flatMap((name) => [name, `${name}_FILE`]),
  );
  const unknownJobs = set
    .filter((name) => name.startsWith('JOB_') && !isKnown(name, [...ours, ...jobs], typos))
    .map((name) => `${name} is the schedule of no job here`);
  return [...typos, ...unknownJobs];
}

function isKnown(name: string, known: readonly string[], typos: readonly string[]): boolean {
  return known.includes(name) || typos.some((sentence) => sentence.startsWith(`${name} `));
}

function findWeakSecrets(secrets: Secrets): readonly string[] {
  const all = {
    DISPATCH_SECRET: secrets.dispatchSecrets(),
    GITHUB_WEBHOOK_SECRET: secrets.webhookSecrets(),
  };
  return Object.entries(all).flatMap(([name, values]) =>
    values.every((secret) => secret.length >= shortestSecret)
      ? []
      : [`${name} holds a secret of fewer than ${shortestSecret} characters, which can be guessed`],
  );
}

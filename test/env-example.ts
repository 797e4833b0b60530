import { type Setting, settings } from '../src/config/load-config.ts';

const head = `\
# Copy to .env and fill in the first part. docs/settings.md says what each variable expects; those that are commented out
# show their default, or an example where there is none.
# Every secret can also be given as a file: NAME_FILE=/path instead of NAME=value.
# Random secrets: openssl rand -hex 32
`;

const foot = `\
# Each scheduled job has a setting of its own, JOB_<NAME>: a five-field cron schedule, or off. docs/settings.md lists them.
`;

/** The text of .env.example: what nearly every installation sets, then everything else, commented out. */
export function buildEnvExample(): string {
  const all: readonly Setting[] = settings;
  const isFirst = ({ required, suggested }: Setting): boolean => required !== undefined || suggested === true;
  const first = all.filter(isFirst).map((setting) => describe(setting, ''));
  const others = all.filter((setting) => !isFirst(setting)).map((setting) => describe(setting, '# '));
  return [head, ...first, ...others, foot].join('\n');
}

function describe({ default: otherwise, example = '', meaning, name }: Setting, before: string): string {
  const sentence = meaning.charAt(0).toUpperCase() + meaning.slice(1);
  return `# ${sentence}\n${before}${name}=${otherwise ?? example}\n`;
}

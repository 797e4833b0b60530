import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../src/config/command-line.ts';
import { type ConfigFolder, type Environment, needed, openConfigFolder } from './config-folder.ts';

const command = 'upm pack {folder} --destination={destination}';

let folder: ConfigFolder;

beforeEach(async () => {
  folder = await openConfigFolder();
});
afterEach(async () => folder.remove());

const problemsOf = (env: Environment): string => folder.problems({ ...needed, ...env }).join('\n');

describe('SIGNER_COMMAND', () => {
  it.each([
    ['upm  pack {folder}', ['upm', 'pack', '{folder}']],
    [`'/opt/my tools/upm' --name "a b" c\\ d`, ['/opt/my tools/upm', '--name', 'a b', 'c d']],
    [`a'b'"c"d`, ['abcd']],
    [`"a \\"b\\" \\\\"`, ['a "b" \\']],
    [`'$HOME' \`id\` $(id) ; rm *`, ['$HOME', '`id`', '$(id)', ';', 'rm', '*']],
    [`"" ''`, ['', '']],
    ['', []],
    [' \t ', []],
  ])('is split into words as a shell would do, without running one: %j', (text, words) => {
    expect(parseCommandLine(text)).toEqual(words);
  });

  it.each([`'open`, `"open`, `a\\`, `"a\\"`])('cannot be parsed: %j', (text) => {
    expect(parseCommandLine(text)).toBeUndefined();
  });

  it.each(['upm pack', 'upm pack {folder}', "'{folder} {destination}'", `upm '{folder} {destination}`])(
    'needs a program and both placeholders: %j',
    (text) => {
      expect(problemsOf({ SIGNER_COMMAND: text })).toContain('SIGNER_COMMAND: found ');
    },
  );

  it('makes signatures required for every package, unless SIGNING_POLICY says otherwise', () => {
    expect(folder.load({}).config).toMatchObject({ signerCommand: undefined, signingPolicy: 'off' });
    expect(folder.load({ SIGNER_COMMAND: command }).config).toMatchObject({
      signerCommand: ['upm', 'pack', '{folder}', '--destination={destination}'],
      signerTimeoutSeconds: 120,
      signingPolicy: 'required',
    });
    const told = folder.load({ SIGNER_COMMAND: command, SIGNING_POLICY: 'warn' });
    expect(told.config.signingPolicy).toBe('warn');
  });

  it('must be set when signatures are required', () => {
    expect(problemsOf({ SIGNING_POLICY: 'required' })).toContain(
      'SIGNER_COMMAND: not set, but SIGNING_POLICY is required',
    );
  });
});

describe('the signer’s environment', () => {
  it('is PATH and the variables that are named, whose values are kept out of everything that is shown', () => {
    const { secrets } = folder.load({
      SIGNER_ENV: 'SERVICE_KEY, NOT_SET',
      SERVICE_KEY: 'key-of-the-service-account',
      OTHER: 'not-for-the-signer',
      PATH: '/opt/bin',
    });
    expect(secrets.signerEnv()).toEqual({ SERVICE_KEY: 'key-of-the-service-account', PATH: '/opt/bin' });
    expect(secrets.all()).toContain('key-of-the-service-account');
    expect(secrets.all()).not.toContain('/opt/bin');
  });

  it.each(['NPM_TOKEN', 'GITHUB_APP_PRIVATE_KEY', 'NPM_TOKEN_FILE', 'DATA_DIR'])(
    'never contains a setting of ours: %s',
    (name) => {
      expect(problemsOf({ SIGNER_ENV: name })).toContain(`SIGNER_ENV: ${name} is a setting of this program`);
    },
  );
});

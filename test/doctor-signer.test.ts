import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSigner } from '../src/cli/doctor/doctor-signer.ts';
import { loadConfig } from '../src/config/load-config.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-signer-'));
  await writeFile(join(folder, 'sign-it'), '#!/bin/sh\n');
  await writeFile(join(folder, 'read-it'), 'text');
  await chmod(join(folder, 'sign-it'), 0o755);
});
afterAll(async () => rm(folder, { recursive: true, force: true }));

async function check(env: Readonly<Record<string, string>>) {
  const needed = {
    UPM_REGISTRY: 'https://registry.example.test',
    NPM_TOKEN: 'a-token-of-the-registry',
    PACKAGE_SCOPES: 'com.studio',
    GITHUB_OWNERS: 'studio',
    PATH: `/nowhere:${folder}`,
  };
  const loaded = loadConfig({ ...needed, ...env }, folder, { require: 'doctor' });
  if (loaded.kind === 'problems') throw new Error(loaded.text);
  return checkSigner(loaded.config, loaded.secrets);
}

describe('the doctor’s check of the signer', () => {
  it('says that nothing is signed', async () => {
    expect(await check({})).toMatchObject([{ state: 'note', subject: 'signing' }]);
  });

  it.each(['sign-it', '{path}/sign-it'])('finds the program that signs: %s', async (program) => {
    const command = `${program.replace('{path}', folder)} {folder} {destination}`;
    expect(await check({ SIGNER_COMMAND: command })).toMatchObject([
      { state: 'ok', text: `${join(folder, 'sign-it')} signs packages (required)` },
    ]);
  });

  it.each(['sign-other', 'read-it', '/nowhere/sign-it'])(
    'reports a program that cannot be run: %s',
    async (program) => {
      expect(await check({ SIGNER_COMMAND: `${program} {folder} {destination}` })).toMatchObject([
        { state: 'problem', text: `${program} was not found, or may not be run` },
      ]);
    },
  );

  it('names the variables that the signer would miss', async () => {
    const env = {
      SIGNER_COMMAND: 'sign-it {folder} {destination}',
      SIGNER_ENV: 'KEY_ONE,KEY_TWO',
      KEY_ONE: '1',
    };
    expect(await check(env)).toMatchObject([
      { state: 'ok' },
      { state: 'problem', text: 'SIGNER_ENV names KEY_TWO, which is not set' },
    ]);
  });
});

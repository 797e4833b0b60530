import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConfigFolder, needed, openConfigFolder } from './config-folder.ts';

let folder: ConfigFolder;

beforeEach(async () => {
  folder = await openConfigFolder();
});
afterEach(async () => folder.remove());

describe('.env', () => {
  it('is read, but the real environment takes precedence', async () => {
    await folder.write('.env', '# mine\nPORT=9000\nLOG_LEVEL="warn"\nNPM_TOKEN=token-of-the-file\n');
    const { config, secrets } = folder.load({ PORT: '9001' });
    expect([config.port, config.logLevel, secrets.npmToken()]).toEqual([
      9001,
      'warn',
      'the-token-of-the-registry',
    ]);
  });

  it('does not conflict with the other spelling of a secret in the real environment', async () => {
    const file = await folder.write('token', 'token-of-the-mount');
    await folder.write('.env', 'NPM_TOKEN=token-of-the-file\n');
    const { secrets } = folder.load({ NPM_TOKEN: undefined, NPM_TOKEN_FILE: file });
    expect(secrets.npmToken()).toBe('token-of-the-mount');
  });
});

describe('secrets', () => {
  it('are read from a file, and again when it changes', async () => {
    const file = await folder.write('token', 'first-token\n');
    const { secrets } = folder.load({ NPM_TOKEN: undefined, NPM_TOKEN_FILE: 'token' });
    expect(secrets.npmToken()).toBe('first-token');
    await folder.write('next', 'second-token\n');
    await rename(join(folder.path, 'next'), file);
    expect(secrets.npmToken()).toBe('second-token');
    expect(secrets.all()).toEqual(expect.arrayContaining(['first-token', 'second-token']));
  });

  it('keep their last good value while the file is missing or empty', async () => {
    const file = await folder.write('token', 'first-token');
    const { secrets } = folder.load({ NPM_TOKEN: undefined, NPM_TOKEN_FILE: file });
    await folder.write('token', '');
    expect(secrets.npmToken()).toBe('first-token');
    await rm(file);
    expect(secrets.npmToken()).toBe('first-token');
    await folder.write('token', 'second-token');
    expect(secrets.npmToken()).toBe('second-token');
  });

  it('are known to the redactor after a rotation before anybody has used the new value', async () => {
    const file = await folder.write('dispatch', 'old-dispatch-secret');
    const { secrets } = folder.load({ DISPATCH_SECRET_FILE: file });
    await folder.write('next', 'new-dispatch-secret,old-dispatch-secret');
    await rename(join(folder.path, 'next'), file);
    expect(secrets.all()).toEqual(expect.arrayContaining(['new-dispatch-secret', 'old-dispatch-secret']));
    expect(secrets.dispatchSecrets()).toEqual(['new-dispatch-secret', 'old-dispatch-secret']);
  });

  it('of features that do not exist yet are kept out of the log too', async () => {
    const { secrets } = folder.load({ GEMINI_API_KEY: 'model-key' });
    expect(secrets.all()).toContain('model-key');
  });

  it('may come later for the bot only: it counts as configured, and its token is used as soon as the file contains one', async () => {
    const ids = { DISCORD_GUILD_ID: '223456789012345678', DISCORD_THREAD_ID: '323456789012345678' };
    const file = join(folder.path, 'bot-token');
    const { config, secrets } = folder.load({ ...ids, DISCORD_TOKEN_FILE: file });
    expect([config.discord?.guildId, secrets.discordToken()]).toEqual([ids.DISCORD_GUILD_ID, undefined]);
    await folder.write('bot-token', '\n');
    expect(folder.load({ ...ids, DISCORD_TOKEN_FILE: file }).config.discord).toBeDefined();
    await folder.write('bot-token', 'the-token-of-the-bot\n');
    expect(secrets.discordToken()).toBe('the-token-of-the-bot');
    expect(secrets.all()).toContain('the-token-of-the-bot');
    expect(folder.problems({ ...needed, DISCORD_TOKEN_FILE: 'missing' }).join()).toContain(
      'DISCORD_GUILD_ID',
    );
    await folder.write('bot-token', 'two\nlines');
    expect(folder.problems({ ...needed, ...ids, DISCORD_TOKEN_FILE: file }).join()).toContain('one line');
  });

  it('are problems when a file is missing or empty, when both spellings are set, or when they would break a header', async () => {
    await folder.write('empty', '\n');
    const { NPM_TOKEN: _, ...env } = needed;
    const found = [
      folder.problems({ ...env, NPM_TOKEN_FILE: 'missing' }),
      folder.problems({ ...env, NPM_TOKEN_FILE: 'empty' }),
      folder.problems({ ...env, NPM_TOKEN_FILE: 'empty', NPM_TOKEN: 'hunter2' }),
      folder.problems({ ...env, NPM_TOKEN: 'hunter2\nx-evil: 1' }),
      folder.problems({ ...env, NPM_TOKEN: '  ' }),
    ];
    expect(found.map((lines) => lines.length)).toEqual([1, 1, 1, 1, 1]);
    expect(found[0]?.[0]).toContain('NPM_TOKEN_FILE: the file cannot be read (ENOENT)');
    expect(found[1]?.[0]).toContain('NPM_TOKEN_FILE: the file is empty');
    expect(found[2]?.[0]).toContain('both it and NPM_TOKEN_FILE are set');
    expect(found[3]?.[0]).toContain('one line');
    expect(found[4]?.[0]).toContain('NPM_TOKEN: not set');
    expect(found.flat().join()).not.toContain('hunter2');
  });
});

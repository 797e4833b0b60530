import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConfigFolder, needed, openConfigFolder } from './config-folder.ts';

let folder: ConfigFolder;

beforeEach(async () => {
  folder = await openConfigFolder();
});
afterEach(async () => folder.remove());

describe('the settings of neighbours', () => {
  it('require a guild and a thread with a Discord token, and run headless without a token', () => {
    expect(folder.load({ DISCORD_GUILD_ID: '123456789012345678' }).config.discord).toBeUndefined();
    const lacking = folder.problems({
      ...needed,
      DISCORD_TOKEN: 'some-discord-token',
      DISCORD_THREAD_ID: 'x',
    });
    expect(lacking).toContainEqual(expect.stringContaining('DISCORD_GUILD_ID: not set'));
    expect(lacking).toContainEqual(expect.stringContaining('DISCORD_THREAD_ID: found "x"'));
    const ids = { DISCORD_GUILD_ID: '123456789012345678', DISCORD_THREAD_ID: '223456789012345678' };
    expect(folder.load({ ...ids, DISCORD_TOKEN: 'some-discord-token' }).config.discord).toMatchObject({
      guildId: ids.DISCORD_GUILD_ID,
      monitoringThreadId: ids.DISCORD_THREAD_ID,
      apiUrl: 'https://discord.com/api',
    });
  });

  it('map GitHub logins to Discord users, whatever the case of the login', () => {
    const token = { DISCORD_TOKEN: 'some-discord-token' };
    const ids = { DISCORD_GUILD_ID: '123456789012345678', DISCORD_THREAD_ID: '223456789012345678' };
    const users = 'OctoCat:323456789012345678, build[bot]:423456789012345678';
    const { discord } = folder.load({ ...ids, ...token, DISCORD_USERS: users }).config;
    expect([...(discord?.userIds ?? [])]).toEqual([
      ['octocat', '323456789012345678'],
      ['build[bot]', '423456789012345678'],
    ]);
    expect(folder.problems({ ...needed, ...ids, ...token, DISCORD_USERS: 'octocat' })).toContainEqual(
      expect.stringContaining('DISCORD_USERS: found "octocat"'),
    );
  });

  it('accept a GitHub App with its key, folded into one line or as it is, and never one without the other', () => {
    const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const key = pem.export({ type: 'pkcs1', format: 'pem' }).toString().trim();
    const folded = key.replaceAll('\n', '\\n');
    for (const written of [key, folded]) {
      const loaded = folder.load({ GITHUB_APP_ID: '123456', GITHUB_APP_PRIVATE_KEY: written });
      expect(loaded.config.githubAppId).toBe('123456');
      expect(loaded.secrets.githubAppKey()).toBe(key);
      expect(loaded.secrets.all()).toContain(written);
    }
    const lacking = [
      folder.problems({ ...needed, GITHUB_APP_ID: '123456' }),
      folder.problems({ ...needed, GITHUB_APP_PRIVATE_KEY: key }),
      folder.problems({ ...needed, GITHUB_APP_ID: 'a b', GITHUB_APP_PRIVATE_KEY: key }),
      folder.problems({ ...needed, GITHUB_APP_ID: '123456', GITHUB_APP_PRIVATE_KEY: 'no-key-at-all' }),
    ];
    expect(lacking.map((lines) => lines[0]?.trim())).toEqual([
      expect.stringMatching(/^GITHUB_APP_PRIVATE_KEY: not set/),
      expect.stringMatching(/^GITHUB_APP_ID: not set/),
      expect.stringMatching(/^GITHUB_APP_ID: found "a b"/),
      expect.stringMatching(/^GITHUB_APP_PRIVATE_KEY: cannot be read/),
    ]);
    expect(lacking.flat().join()).not.toContain('no-key-at-all');
  });

  it('refuse a heartbeat over plain http or with credentials, and never show its address', () => {
    const good = ['https://watch.test/ping/key-of-ours?from=us', 'http://127.0.0.1:9/ping'];
    for (const url of good) {
      const { secrets } = folder.load({ HEARTBEAT_URL: url });
      expect(secrets.heartbeatUrl()).toBe(url);
      expect(secrets.all()).toContain(url);
    }
    const { secrets } = folder.load({
      HEARTBEAT_URL: 'https://watch.test/ping/key-of-ours-4411?token=also-a-key-4412',
    });
    expect(secrets.all()).toEqual(expect.arrayContaining(['key-of-ours-4411', 'also-a-key-4412']));
    expect(secrets.all()).not.toContain('ping');
    const bad = [
      'http://watch.test/key-of-ours',
      'https://u:key-of-ours@watch.test/',
      'file:///key-of-ours',
      'key-of-ours',
    ];
    for (const url of bad) {
      const [problem = '', ...others] = folder.problems({ ...needed, HEARTBEAT_URL: url });
      expect(problem).toMatch(/HEARTBEAT_URL: .*https URL/);
      expect(problem).not.toContain('key-of-ours');
      expect(others).toEqual([]);
    }
  });
});

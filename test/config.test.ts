import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Config, type LoadOptions, loadConfig, type Secrets, settings } from '../src/config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const needed: Environment = {
  GITHUB_OWNERS: 'studio, Other-Studio',
  UPM_REGISTRY: 'https://registry.example.test/npm',
  NPM_TOKEN: 'the-token-of-the-registry',
  PACKAGE_SCOPES: 'com.studio,3rd',
};

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function load(
  env: Environment,
  options?: LoadOptions,
): { readonly config: Config; readonly secrets: Secrets } {
  const loaded = loadConfig({ ...needed, ...env }, folder, options);
  if (loaded.kind === 'problems') throw new Error(loaded.text);
  return loaded;
}

function problems(env: Environment, options?: LoadOptions): readonly string[] {
  const loaded = loadConfig(env, folder, options);
  return loaded.kind === 'loaded' ? [] : loaded.text.split('\n').slice(1);
}

async function write(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

describe('settings', () => {
  it('have defaults for everything but what is required', () => {
    const { config } = load({});
    expect(config).toEqual({
      auditRetentionDays: 90,
      changelogBudgetSeconds: 20,
      geminiApiUrl: 'https://generativelanguage.googleapis.com',
      geminiModel: 'gemini-flash-latest',
      host: '127.0.0.1',
      port: 8080,
      publicUrl: undefined,
      trustProxy: false,
      dataDir: join(folder, 'data'),
      githubApiUrl: 'https://api.github.com',
      githubServerUrl: 'https://github.com',
      oidcIssuer: 'https://token.actions.githubusercontent.com',
      catchUpMinutes: 10,
      githubOwners: ['studio', 'Other-Studio'],
      repositories: [],
      registryUrl: 'https://registry.example.test/npm/',
      httpRegistryHosts: [],
      packageScopes: ['com.studio', '3rd'],
      publishMode: 'live',
      publishConcurrency: 4,
      jobDeadlineSeconds: 600,
      parkHours: 72,
      packageSizeWarnMb: 50,
      packageSizeMaxMb: 400,
      signerEnvNames: [],
      signerTimeoutSeconds: 120,
      signingPolicy: 'off',
      jobsZone: 'UTC',
      jobSchedules: {},
      logLevel: 'info',
      warnings: [],
    });
  });

  it('are taken from the environment', () => {
    const { config } = load({
      HOST: '::',
      PORT: '0',
      PUBLIC_URL: 'https://publisher.example.test/',
      TRUST_PROXY: '10.0.0.0/8, ::1, loopback',
      GITHUB_SERVER_URL: 'http://127.0.0.1:3000/git/',
      PARK_HOURS: '0.5',
      PUBLISH_MODE: 'shadow',
      LOG_LEVEL: 'debug',
      PUBLISH_CONCURRENCY: ' 2 ',
      PACKAGE_SIZE_MAX_MB: '',
    });
    expect(config).toMatchObject({
      host: '::',
      port: 0,
      publicUrl: 'https://publisher.example.test',
      trustProxy: ['10.0.0.0/8', '::1', 'loopback'],
      githubServerUrl: 'http://127.0.0.1:3000/git',
      parkHours: 0.5,
      publishMode: 'shadow',
      logLevel: 'debug',
      publishConcurrency: 2,
      packageSizeMaxMb: 400,
    });
  });

  it('are described once each, with a default that the setting itself accepts', () => {
    expect(new Set(settings.map(({ name }) => name)).size).toBe(settings.length);
    const defaults = settings.flatMap((setting) =>
      'default' in setting ? [[setting.name, setting.default]] : [],
    );
    expect(load(Object.fromEntries(defaults)).config).toEqual(load({}).config);
  });

  it('are all reported at once, with what was found and what is expected', () => {
    const found = problems({
      PORT: '65536',
      UPM_REGISTRY: 'http://registry.example.test',
      PACKAGE_SCOPES: 'com.studio,Not A Scope',
      TRUST_PROXY: 'true',
      LOG_LEVEL: 'loud',
    });
    expect(found.map((line) => line.trim().split(':')[0])).toEqual([
      'NPM_TOKEN',
      'GITHUB_OWNERS',
      'PACKAGE_SCOPES',
      'PORT',
      'TRUST_PROXY',
      'UPM_REGISTRY',
      'LOG_LEVEL',
    ]);
    expect(found.join('\n')).toContain('PORT: found "65536"; expected a whole number from 0 to 65535');
    expect(found.join('\n')).toContain('GITHUB_OWNERS: not set; expected a comma list of owners');
  });

  it.each([
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PORT', '0x50'],
    ['PARK_HOURS', '0'],
    ['JOB_DEADLINE_SECONDS', '1e3'],
    ['PUBLISH_CONCURRENCY', '0'],
    ['PUBLISH_MODE', 'Live'],
    ['GITHUB_OWNERS', 'studio,,/'],
    ['GITHUB_OWNERS', ','],
    ['GITHUB_SERVER_URL', 'http://git.example.test'],
    ['GITHUB_SERVER_URL', 'ftp://127.0.0.1'],
    ['UPM_REGISTRY', 'registry.example.test'],
    ['UPM_REGISTRY', 'https://registry.example.test/?x=1'],
    ['UPM_REGISTRY', 'file:///tmp'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['HOST', 'a host'],
  ])('refuse %s=%s', (name, value) => {
    const found = problems({ ...needed, [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${name}: found "`);
  });

  it('allow http for a registry on loopback and on hosts that are named', () => {
    expect(load({ UPM_REGISTRY: 'http://localhost:4873' }).config.registryUrl).toBe('http://localhost:4873/');
    expect(load({ UPM_REGISTRY: 'http://[::1]:4873/' }).config.registryUrl).toBe('http://[::1]:4873/');
    const named = { UPM_REGISTRY: 'http://Verdaccio:4873', HTTP_REGISTRY_HOSTS: 'other,verdaccio' };
    expect(load(named).config.registryUrl).toBe('http://verdaccio:4873/');
    expect(problems({ ...needed, ...named, HTTP_REGISTRY_HOSTS: 'other' })).toHaveLength(1);
    expect(problems({ ...needed, UPM_REGISTRY: 'http://127.0.0.1.example.test' })).toHaveLength(1);
  });

  it('never show what may be a password', () => {
    const found = problems({
      ...needed,
      UPM_REGISTRY: 'https://hunter2@registry.example.test',
      GITHUB_API_URL: 'https://bot:hunter3@api.example.test',
      GITHUB_SERVER_URL: 'https://git.example.test/?token=hunter4',
      LOG_LEVEL: 'the-token-of-the-registry',
    }).join('\n');
    expect(found.split('\n')).toHaveLength(4);
    expect(found).not.toMatch(/hunter|the-token/);
  });

  it('need less for one publish from the command line', async () => {
    const { GITHUB_OWNERS: _, ...env } = needed;
    expect(problems(env)).toHaveLength(1);
    expect(problems(env, { require: 'doctor' })).toHaveLength(1);
    expect(problems({ ...env, REPOSITORIES_FILE: 'missing.json' }, { require: 'publish-once' })).toEqual([]);
    expect(problems({}, { require: 'publish-once' })).toHaveLength(3);
  });

  it('warn about names that look like a misspelt one of ours, and about nothing else', () => {
    const { config } = load({
      PACKAGE_SCOPE: 'com.studio',
      UPM_REGISTERY: 'x',
      NPM_TOKEN_FIEL: 'x',
      HOME: '/root',
      PATH: '/bin',
      GEMINI_API_KEY: 'some-model-key',
      GITHUB_WEBHOOK_SECRET: 'some-webhook-secret',
    });
    expect(config.warnings.map((warning) => warning.split(' ')[0])).toEqual([
      'PACKAGE_SCOPE',
      'UPM_REGISTERY',
      'NPM_TOKEN_FIEL',
    ]);
    expect(config.warnings[0]).toContain('PACKAGE_SCOPES');
  });

  it('need a guild and a thread with a Discord token, and are headless without one', () => {
    expect(load({ DISCORD_GUILD_ID: '123456789012345678' }).config.discord).toBeUndefined();
    const lacking = problems({ ...needed, DISCORD_TOKEN: 'some-discord-token', DISCORD_THREAD_ID: 'x' });
    expect(lacking).toContainEqual(expect.stringContaining('DISCORD_GUILD_ID: not set'));
    expect(lacking).toContainEqual(expect.stringContaining('DISCORD_THREAD_ID: found "x"'));
    const ids = { DISCORD_GUILD_ID: '123456789012345678', DISCORD_THREAD_ID: '223456789012345678' };
    expect(load({ ...ids, DISCORD_TOKEN: 'some-discord-token' }).config.discord).toMatchObject({
      guildId: ids.DISCORD_GUILD_ID,
      monitoringThreadId: ids.DISCORD_THREAD_ID,
      apiUrl: 'https://discord.com/api',
    });
  });

  it('map GitHub logins to Discord users, whatever the case of the login', () => {
    const token = { DISCORD_TOKEN: 'some-discord-token' };
    const ids = { DISCORD_GUILD_ID: '123456789012345678', DISCORD_THREAD_ID: '223456789012345678' };
    const users = 'OctoCat:323456789012345678, build[bot]:423456789012345678';
    const { discord } = load({ ...ids, ...token, DISCORD_USERS: users }).config;
    expect([...(discord?.userIds ?? [])]).toEqual([
      ['octocat', '323456789012345678'],
      ['build[bot]', '423456789012345678'],
    ]);
    expect(problems({ ...needed, ...ids, ...token, DISCORD_USERS: 'octocat' })).toContainEqual(
      expect.stringContaining('DISCORD_USERS: found "octocat"'),
    );
  });

  it('take a GitHub App with its key, folded into one line or as it is, and never one without the other', () => {
    const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const key = pem.export({ type: 'pkcs1', format: 'pem' }).toString().trim();
    const folded = key.replaceAll('\n', '\\n');
    for (const written of [key, folded]) {
      const loaded = load({ GITHUB_APP_ID: '123456', GITHUB_APP_PRIVATE_KEY: written });
      expect(loaded.config.githubAppId).toBe('123456');
      expect(loaded.secrets.githubAppKey()).toBe(key);
      expect(loaded.secrets.all()).toContain(written);
    }
    const lacking = [
      problems({ ...needed, GITHUB_APP_ID: '123456' }),
      problems({ ...needed, GITHUB_APP_PRIVATE_KEY: key }),
      problems({ ...needed, GITHUB_APP_ID: 'a b', GITHUB_APP_PRIVATE_KEY: key }),
      problems({ ...needed, GITHUB_APP_ID: '123456', GITHUB_APP_PRIVATE_KEY: 'no-key-at-all' }),
    ];
    expect(lacking.map((lines) => lines[0]?.trim())).toEqual([
      expect.stringMatching(/^GITHUB_APP_PRIVATE_KEY: not set/),
      expect.stringMatching(/^GITHUB_APP_ID: not set/),
      expect.stringMatching(/^GITHUB_APP_ID: found "a b"/),
      expect.stringMatching(/^GITHUB_APP_PRIVATE_KEY: cannot be read/),
    ]);
    expect(lacking.flat().join()).not.toContain('no-key-at-all');
  });

  it('call no heartbeat over plain http or with credentials, and never show the address', () => {
    const good = ['https://watch.test/ping/key-of-ours?from=us', 'http://127.0.0.1:9/ping'];
    for (const url of good) {
      const { secrets } = load({ HEARTBEAT_URL: url });
      expect(secrets.heartbeatUrl()).toBe(url);
      expect(secrets.all()).toContain(url);
    }
    const { secrets } = load({
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
      const [problem = '', ...others] = problems({ ...needed, HEARTBEAT_URL: url });
      expect(problem).toMatch(/HEARTBEAT_URL: .*https URL/);
      expect(problem).not.toContain('key-of-ours');
      expect(others).toEqual([]);
    }
  });

  it('warn about a dispatch secret that can be guessed', () => {
    expect(load({ DISPATCH_SECRET: 'short' }).config.warnings).toEqual([
      expect.stringContaining('DISPATCH_SECRET'),
    ]);
    expect(load({ DISPATCH_SECRET: 'sixteen-or-more-characters' }).config.warnings).toEqual([]);
  });
});

describe('.env', () => {
  it('is read, below the real environment', async () => {
    await write('.env', '# mine\nPORT=9000\nLOG_LEVEL="warn"\nNPM_TOKEN=token-of-the-file\n');
    const { config, secrets } = load({ PORT: '9001' });
    expect([config.port, config.logLevel, secrets.npmToken()]).toEqual([
      9001,
      'warn',
      'the-token-of-the-registry',
    ]);
  });

  it('does not clash with the other spelling of a secret in the real environment', async () => {
    const file = await write('token', 'token-of-the-mount');
    await write('.env', 'NPM_TOKEN=token-of-the-file\n');
    const { secrets } = load({ NPM_TOKEN: undefined, NPM_TOKEN_FILE: file });
    expect(secrets.npmToken()).toBe('token-of-the-mount');
  });
});

describe('secrets', () => {
  it('are read from a file, and again when it changes', async () => {
    const file = await write('token', 'first-token\n');
    const { secrets } = load({ NPM_TOKEN: undefined, NPM_TOKEN_FILE: 'token' });
    expect(secrets.npmToken()).toBe('first-token');
    await write('next', 'second-token\n');
    await rename(join(folder, 'next'), file);
    expect(secrets.npmToken()).toBe('second-token');
    expect(secrets.all()).toEqual(expect.arrayContaining(['first-token', 'second-token']));
  });

  it('keep their last good value while the file is missing or empty', async () => {
    const file = await write('token', 'first-token');
    const { secrets } = load({ NPM_TOKEN: undefined, NPM_TOKEN_FILE: file });
    await write('token', '');
    expect(secrets.npmToken()).toBe('first-token');
    await rm(file);
    expect(secrets.npmToken()).toBe('first-token');
    await write('token', 'second-token');
    expect(secrets.npmToken()).toBe('second-token');
  });

  it('know a rotated value for redaction before anybody has used it', async () => {
    const file = await write('dispatch', 'old-dispatch-secret');
    const { secrets } = load({ DISPATCH_SECRET_FILE: file });
    await write('next', 'new-dispatch-secret,old-dispatch-secret');
    await rename(join(folder, 'next'), file);
    expect(secrets.all()).toEqual(expect.arrayContaining(['new-dispatch-secret', 'old-dispatch-secret']));
    expect(secrets.dispatchSecrets()).toEqual(['new-dispatch-secret', 'old-dispatch-secret']);
  });

  it('of features that are not here yet are kept out of the log too', async () => {
    const { secrets } = load({ GEMINI_API_KEY: 'model-key' });
    expect(secrets.all()).toContain('model-key');
  });

  it('may come later for the bot alone: it is configured, and its token is taken as soon as the file holds one', async () => {
    const ids = { DISCORD_GUILD_ID: '223456789012345678', DISCORD_THREAD_ID: '323456789012345678' };
    const file = join(folder, 'bot-token');
    const { config, secrets } = load({ ...ids, DISCORD_TOKEN_FILE: file });
    expect([config.discord?.guildId, secrets.discordToken()]).toEqual([ids.DISCORD_GUILD_ID, undefined]);
    await write('bot-token', '\n');
    expect(load({ ...ids, DISCORD_TOKEN_FILE: file }).config.discord).toBeDefined();
    await write('bot-token', 'the-token-of-the-bot\n');
    expect(secrets.discordToken()).toBe('the-token-of-the-bot');
    expect(secrets.all()).toContain('the-token-of-the-bot');
    expect(problems({ ...needed, DISCORD_TOKEN_FILE: 'missing' }).join()).toContain('DISCORD_GUILD_ID');
    await write('bot-token', 'two\nlines');
    expect(problems({ ...needed, ...ids, DISCORD_TOKEN_FILE: file }).join()).toContain('one line');
  });

  it('are problems when a file is missing or empty, when both are set, or when they would break a header', async () => {
    await write('empty', '\n');
    const { NPM_TOKEN: _, ...env } = needed;
    const found = [
      problems({ ...env, NPM_TOKEN_FILE: 'missing' }),
      problems({ ...env, NPM_TOKEN_FILE: 'empty' }),
      problems({ ...env, NPM_TOKEN_FILE: 'empty', NPM_TOKEN: 'hunter2' }),
      problems({ ...env, NPM_TOKEN: 'hunter2\nx-evil: 1' }),
      problems({ ...env, NPM_TOKEN: '  ' }),
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

describe('REPOSITORIES_FILE', () => {
  const withFile: Environment = { ...needed, REPOSITORIES_FILE: 'repositories.json' };

  it('gives the entries, in the spelling of the replaced system', async () => {
    await write(
      'repositories.json',
      `\uFEFF${JSON.stringify({
        repositories: [
          { url: 'https://github.com/studio/Tools.git', status: 'active', extra: 1 },
          {
            url: 'git@github.com:STUDIO/kit.git',
            status: 'pending',
            branches: ['release/*'],
            scopes: ['com.studio.kit'],
            fixes: 'staging',
          },
          { url: 'https://github.com/other-studio/x/tree/main', status: 'disabled', mode: 'shadow' },
        ],
      })}`,
    );
    expect(load(withFile).config.repositories).toEqual([
      { slug: 'studio/Tools', status: 'active' },
      {
        slug: 'STUDIO/kit',
        status: 'pending',
        branches: ['release/*'],
        scopes: ['com.studio.kit'],
        fixes: 'staging',
      },
      { slug: 'other-studio/x', status: 'disabled', mode: 'shadow' },
    ]);
  });

  it('has every bad entry named by its index', async () => {
    const good = { url: 'https://github.com/studio/tools', status: 'active' };
    const repositories = [
      good,
      { url: 'https://github.com/stranger/tools', status: 'active' },
      { url: 'nonsense', status: 'active' },
      { status: 'on' },
      { ...good, url: 'https://github.com/Studio/TOOLS' },
      { ...good, url: 'https://github.com/studio/other', scopes: ['com.elsewhere'] },
      7,
    ];
    await write('repositories.json', JSON.stringify({ repositories }));
    const found = problems(withFile);
    expect(found.map((line) => /repositories\[(\d)\](\.\w+)?/.exec(line)?.[0])).toEqual([
      'repositories[1].url',
      'repositories[2].url',
      'repositories[3].url',
      'repositories[3].status',
      'repositories[4].url',
      'repositories[5].scopes',
      'repositories[6]',
    ]);
    expect(found[0]).toContain('outside GITHUB_OWNERS');
  });

  it.each([
    ['missing', undefined, 'ENOENT'],
    ['no JSON', '{', 'is not JSON'],
    ['another shape', '[]', 'is not {"repositories"'],
  ])('is a problem when it is %s', async (_what, text, expected) => {
    if (text !== undefined) await write('repositories.json', text);
    const found = problems(withFile);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('REPOSITORIES_FILE');
    expect(found[0]).toContain(expected);
  });

  it('does not blame its entries for a missing GITHUB_OWNERS', async () => {
    await write('repositories.json', JSON.stringify({ repositories: [{ url: 'a/b', status: 'active' }] }));
    const { GITHUB_OWNERS: _, ...env } = withFile;
    expect(problems(env)).toEqual([expect.stringContaining('GITHUB_OWNERS: not set')]);
  });
});

describe('start.mjs', () => {
  const run = promisify(execFile);
  const start = join(import.meta.dirname, '../src/start.mjs');

  it('says in one sentence which Node is needed, and exits 78', async () => {
    const pretend = await write(
      'old.mjs',
      `Object.defineProperty(process.versions, 'node', { value: '24.14.9' });`,
    );
    const failed = run(process.execPath, ['--import', pretend, start], { env: {} });
    await expect(failed).rejects.toMatchObject({
      code: 78,
      stdout: '',
      stderr: expect.stringMatching(
        /^Node 24\.15 or newer is needed and this is 24\.14\.9: .*npm start.*\n$/,
      ),
    });
  });

  it('starts the module it is told to, which sees only its own arguments', async () => {
    const module = await write('echo.mjs', 'console.log(JSON.stringify(process.argv.slice(2)));');
    const named = `./${relative(dirname(start), module)}`;
    const { stdout } = await run(process.execPath, [start, named, '--commit', 'abc'], { env: {} });
    expect(JSON.parse(stdout)).toEqual(['--commit', 'abc']);
  });
});

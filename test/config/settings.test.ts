import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settings } from '../../src/config/load-config.ts';
import { type ConfigFolder, needed, openConfigFolder } from './config-folder.ts';

let folder: ConfigFolder;

beforeEach(async () => {
  folder = await openConfigFolder();
});
afterEach(async () => folder.remove());

describe('the settings', () => {
  it('have defaults except for the required ones', () => {
    const { config } = folder.load({});
    expect(config).toEqual({
      auditRetentionDays: 90,
      changelogBudgetSeconds: 20,
      geminiApiUrl: 'https://generativelanguage.googleapis.com',
      geminiModel: 'gemini-flash-latest',
      host: '127.0.0.1',
      port: 8080,
      publicUrl: undefined,
      trustProxy: false,
      dataDir: join(folder.path, 'data'),
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
      publishSuperseded: 'skip',
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
    const { config } = folder.load({
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
    expect(folder.load(Object.fromEntries(defaults)).config).toEqual(folder.load({}).config);
  });

  it('are all reported at once, with what was found and what is expected', () => {
    const found = folder.problems({
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
    const found = folder.problems({ ...needed, [name]: value });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${name}: found "`);
  });

  it.each([
    ['https://registry.example.test/@studio', '@scope'],
    ['https://registry.example.test/npm/%40studio/', '@scope'],
    ['https://npm.pkg.github.com', 'GitHub Packages'],
    ['https://npm.pkg.github.com/@studio', '@scope'],
    ['https://npm.studio.ghe.com/', 'GitHub Packages'],
    ['https://gitlab.example.test/api/v4/packages/npm/', 'projects/<id>'],
    ['https://gitlab.example.test/gitlab/api/v4/groups/studio%2Ftools/-/packages/npm', 'project'],
  ])('refuse the registry %s as not supported, and say what to use', (address, words) => {
    const found = folder.problems({ ...needed, UPM_REGISTRY: address });
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('UPM_REGISTRY: found "');
    expect(found[0]).toContain('not supported');
    expect(found[0]).toContain(words);
  });

  it.each([
    'https://studio.jfrog.test/artifactory/api/npm/npm-local/',
    'https://nexus.example.test/repository/npm-hosted/',
    'https://gitlab.example.test/api/v4/projects/42/packages/npm/',
    'https://pkgs.dev.azure.test/studio/_packaging/upm/npm/registry/',
    'https://npm.cloudsmith.test/studio/upm/',
    'https://studio-111122223333.d.codeartifact.eu-west-1.amazonaws.test/npm/upm/',
    'https://gitea.example.test/api/packages/studio/npm/',
    `https://registry${'.'}npmjs.org/`,
  ])('accept the registry %s', (address) => {
    expect(folder.load({ UPM_REGISTRY: address }).config.registryUrl).toBe(address);
  });

  it('allow http for a registry on loopback and on hosts that are named', () => {
    expect(folder.load({ UPM_REGISTRY: 'http://localhost:4873' }).config.registryUrl).toBe(
      'http://localhost:4873/',
    );
    expect(folder.load({ UPM_REGISTRY: 'http://[::1]:4873/' }).config.registryUrl).toBe('http://[::1]:4873/');
    const named = { UPM_REGISTRY: 'http://Verdaccio:4873', HTTP_REGISTRY_HOSTS: 'other,verdaccio' };
    expect(folder.load(named).config.registryUrl).toBe('http://verdaccio:4873/');
    expect(folder.problems({ ...needed, ...named, HTTP_REGISTRY_HOSTS: 'other' })).toHaveLength(1);
    expect(folder.problems({ ...needed, UPM_REGISTRY: 'http://127.0.0.1.example.test' })).toHaveLength(1);
  });

  it('never show what may be a password', () => {
    const found = folder
      .problems({
        ...needed,
        UPM_REGISTRY: 'https://hunter2@registry.example.test',
        GITHUB_API_URL: 'https://bot:hunter3@api.example.test',
        GITHUB_SERVER_URL: 'https://git.example.test/?token=hunter4',
        LOG_LEVEL: 'the-token-of-the-registry',
      })
      .join('\n');
    expect(found.split('\n')).toHaveLength(4);
    expect(found).not.toMatch(/hunter|the-token/);
  });

  it('require less for one publish from the command line', async () => {
    const { GITHUB_OWNERS: _, ...env } = needed;
    expect(folder.problems(env)).toHaveLength(1);
    expect(folder.problems(env, { require: 'doctor' })).toHaveLength(1);
    expect(
      folder.problems({ ...env, REPOSITORIES_FILE: 'missing.json' }, { require: 'publish-once' }),
    ).toEqual([]);
    expect(folder.problems({}, { require: 'publish-once' })).toHaveLength(3);
  });

  it('warn about names that look like a misspelt setting, and about nothing else', () => {
    const { config } = folder.load({
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

  it('warn about a dispatch secret that can be guessed', () => {
    expect(folder.load({ DISPATCH_SECRET: 'short' }).config.warnings).toEqual([
      expect.stringContaining('DISPATCH_SECRET'),
    ]);
    expect(folder.load({ DISPATCH_SECRET: 'sixteen-or-more-characters' }).config.warnings).toEqual([]);
  });
});

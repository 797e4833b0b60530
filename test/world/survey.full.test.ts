import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../../sandbox/fault-proxy.ts';
import { type GitHost, startGitHost } from '../../sandbox/git-host.ts';
import { publishWithNpm } from '../../sandbox/plain-npm.ts';
import { type SandboxRegistry, startRegistry } from '../../sandbox/registry.ts';
import { commitFiles, type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import type { Survey, SurveyedPackage } from '../../src/publisher/watch/survey/survey.ts';

const start = fileURLToPath(new URL('../../src/start.mjs', import.meta.url));
const evil = '<script>alert(1)</script>';
let folder: string;
let host: GitHost;
let registry: SandboxRegistry;
let proxy: FaultProxy;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upm-survey-'));
  [host, registry] = await Promise.all([
    startGitHost({ folder: join(folder, 'git') }),
    startRegistry({ folder: join(folder, 'registry') }),
  ]);
  proxy = await startFaultProxy({ target: registry.url });
  const core = unityPackage('com.studio.core', '1.0.0', { folder: 'core' });
  await push('studio/one', {
    ...core,
    ...unityPackage('com.studio.ui', '2.0.0', { folder: 'ui', manifest: { description: evil } }),
    ...unityPackage('com.other.tool', '1.0.0', { folder: 'tool' }),
    ...unityPackage('com.studio.broken', '1.0.0', {
      folder: `${evil}`,
      files: { 'Runtime/NoMeta.cs': 'class X {}' },
    }),
  });
  await push('studio/two', unityPackage('com.studio.core', '0.9.0', { folder: 'copy' }));
  await publishElsewhere(core, 'core');
});

afterAll(async () => {
  await Promise.all([proxy.stop(), host.stop()]);
  await registry.stop();
  await rm(folder, { recursive: true });
});

async function push(slug: string, files: TreeFiles): Promise<void> {
  commitFiles(await host.createRepository(slug), { files });
}

async function publishElsewhere(files: TreeFiles, path: string): Promise<void> {
  const checkout = await mkdtemp(join(tmpdir(), 'old-pipeline-'));
  const manifest = files[`${path}/package.json`];
  await writeFile(join(checkout, 'package.json'), manifest as string);
  await publishWithNpm(checkout, { registry: registry.url, token: registry.token });
  await rm(checkout, { recursive: true });
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...args: readonly string[]): Promise<Ended> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    DATA_DIR: join(folder, 'data'),
    GITHUB_SERVER_URL: host.url,
    GITHUB_API_URL: host.url,
    GITHUB_OWNERS: 'studio',
    UPM_REGISTRY: proxy.url,
    NPM_TOKEN: registry.token,
    PACKAGE_SCOPES: 'com.studio',
  };
  return new Promise((resolve) => {
    const options = { env, cwd: folder, maxBuffer: 64 * 1024 * 1024 };
    const all = ['--disable-warning=ExperimentalWarning', start, './cli/survey/survey.ts', ...args];
    execFile(process.execPath, all, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

async function list(...slugs: readonly string[]): Promise<string> {
  const file = join(folder, `list-${slugs.length}.json`);
  const repositories = slugs.map((slug) => ({ url: `${host.url}/${slug}`, status: 'active' }));
  await writeFile(file, JSON.stringify({ repositories }));
  return file;
}

function find(survey: Survey, name: string): SurveyedPackage | undefined {
  return survey.repositories[0]?.packages.find((item) => item.name === name);
}

describe('a survey before a migration', () => {
  it('says what is there, what drifts, what is contested, what stops and what cannot be read, and sends nothing', async () => {
    const file = await list('studio/one', 'studio/two', 'studio/missing');
    proxy.clear();
    const { code, stdout, stderr } = await run('--repositories-file', file, '--format', 'json', '--out', '-');
    expect(stderr).toContain('Judging studio/one');
    expect(code).toBe(1);
    const survey = JSON.parse(stdout) as Survey;
    expect(survey.repositories.map(({ repository }) => repository)).toEqual([
      'studio/one',
      'studio/two',
      'studio/missing',
    ]);
    expect(survey.repositories[2]?.problem?.title).toContain('studio/missing');
    expect(find(survey, 'com.studio.ui')).toMatchObject({
      drift: 'never-published',
      blocking: [],
      failure: null,
    });
    expect(find(survey, 'com.studio.broken')?.blocking.map(({ rule }) => rule)).toContain('meta.missing');
    expect(find(survey, 'com.other.tool')).toMatchObject({ drift: 'excluded' });
    expect(survey.contested).toEqual([
      {
        name: 'com.studio.core',
        holders: ['studio/one (1.0.0)', 'studio/two (0.9.0)'],
        suggestedOwner: 'studio/one',
      },
    ]);
    expect(survey.otherScopes).toEqual([{ scope: 'com.other', packages: 1 }]);
    expect(proxy.requests().filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(existsSync(join(folder, 'data'))).toBe(false);
    expect(stdout + stderr).not.toContain(registry.token);
  });

  it('writes a page that runs nothing of what repositories contain', async () => {
    const out = join(folder, 'page.html');
    const { code, stderr } = await run('--repositories-file', await list('studio/one'), '--out', out);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`Written to ${out}`)]);
    const page = await readFile(out, 'utf8');
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('meta.missing');
  });

  it.each([
    ['no file', []],
    ['a file that is not there', ['--repositories-file', 'missing.json']],
    ['another format', ['--repositories-file', start, '--format', 'xml']],
    ['a file that is no list', ['--repositories-file', start]],
    ['an unknown option', ['--wrong']],
  ])('says what is wrong with %s, and exits with 2', async (_, args) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).not.toBe('');
  });
});

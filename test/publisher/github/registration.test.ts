import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitSync } from '../../../sandbox/git-sync.ts';
import { commitFiles, unityPackage } from '../../../sandbox/unity-repository.ts';
import { buildGitSource, type GitPorts } from '../../../src/adapters/git/git-source.ts';
import { buildGitHub } from '../../../src/adapters/github/github.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import { Outage } from '../../../src/domain/failure.ts';
import type { Repository, Slug } from '../../../src/domain/repository.ts';
import type { HookDeliveries } from '../../../src/ports/hook-deliveries.ts';
import { acceptDispatch } from '../../../src/publisher/accept-dispatch.ts';
import { dispatcherPath, renderDispatcher } from '../../../src/publisher/github/dispatcher-file.ts';
import {
  buildRegistrationLoop,
  followRegistrations,
} from '../../../src/publisher/github/follow-registrations.ts';
import { sweepDeliveries } from '../../../src/publisher/github/redelivery-sweep.ts';
import {
  buildRegistrar,
  type Registrar,
  type RegistrationDeps,
  type RegistrationRequest,
} from '../../../src/publisher/github/registration.ts';
import { syncStatus } from '../../../src/publisher/github/status-sync.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { type GitHubFixture, startGitHubFixture } from '../../adapters/github-fixtures.ts';

const signal = new AbortController().signal;
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const publisherUrl = 'https://publisher.studio.test';
const audience = 'upm-auto-publisher';

let folder: string;
let fixture: GitHubFixture;
let store: Store;
let source: GitPorts;
let deps: RegistrationDeps;
let deliveries: HookDeliveries;
let registrar: Registrar;
let repository: Repository;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'registration-'));
  fixture = await startGitHubFixture('App');
  const { github, host, slug } = fixture;
  fixture.push({ files: unityPackage('com.studio.tool', '1.0.0') });
  store = await openStore({
    folder,
    registry: 'https://npm.studio.test/',
    clock: systemClock,
    redact: String,
  });
  await store.repositories.addUnknown([{ slug, status: 'pending' }]);
  repository = await find();
  const appPem = github.appPem();
  const {
    credentials,
    repositoryWriter: writer,
    ...api
  } = buildGitHub({
    apiUrl: github.apiUrl,
    appId: github.state.appId,
    appKey: () => appPem,
    token: () => undefined,
    pacesWrites: false,
    clock: systemClock,
  });
  deliveries = api.deliveries;
  source = buildGitSource({
    serverUrl: host.url,
    folder: join(folder, 'mirrors'),
    token: async (of, until) => credentials.tokenFor(of, 'read', until),
    renewToken: (of) => credentials.renew(of),
    maxMirrorBytesTotal: 1e9,
    maxFetchBytes: 1e9,
    maxFiles: 1e4,
    timeoutMs: 30_000,
    clock: systemClock,
    logger: silent,
  });
  const accepting = { ...store, clock: systemClock, owners: ['studio'], onAccepted: () => {} };
  deps = {
    ...store,
    ...api,
    writer,
    source,
    clock: systemClock,
    logger: silent,
    accept: async (payload) => acceptDispatch(accepting, payload),
    requestCheck: async () => undefined,
    owners: ['studio'],
    dispatchRepository: undefined,
    publisherUrl,
    audience,
  };
  registrar = buildRegistrar(deps);
});
afterEach(async () => {
  await source.stop();
  await store.close();
  await fixture.stop();
  await rm(folder, { recursive: true });
});

async function find(): Promise<Repository> {
  const [found] = await store.repositories.list();
  if (found === undefined) throw new Error('the repository was not added');
  return found;
}

function ask(changes: Partial<RegistrationRequest> = {}): RegistrationRequest {
  const packages = [
    { name: 'com.studio.tool', version: '1.0.0', path: '', excludedBecause: undefined },
    {
      name: 'x',
      version: undefined,
      path: 'a`b @everyone',
      excludedBecause: '[x](http://evil.test) private',
    },
  ];
  return { repository, kind: 'add', packages, merge: false, requestedBy: 'discord:1', ...changes };
}

const pulls = () => fixture.github.repository(fixture.slug).pulls;
const bare = (): string => fixture.github.repository(fixture.slug).bare;
const dispatcher = (branch: string): string => gitSync(['-C', bare(), 'show', `${branch}:${dispatcherPath}`]);
const queued = async (): Promise<number> => (await store.keeper.countDepth()).queued;

describe('registering', () => {
  it('opens a pull request with the dispatcher, whose text is inert', async () => {
    const answer = await registrar.request(ask(), signal);
    expect(answer).toMatchObject({
      kind: 'opened',
      pullRequest: { number: 1, state: 'open' },
      merge: undefined,
    });
    const expected = renderDispatcher({ publisherUrl, audience, branches: ['main'] });
    expect(dispatcher('upm-auto-publisher/register')).toBe(expected.trim());
    const [pull] = pulls();
    expect(pull?.body).toContain('`com.studio.tool` `1.0.0` in `(root)`');
    expect(pull?.body).toContain('`a·b @everyone`');
    expect(pull?.body).not.toContain('](http');
    expect(await store.registrations.find(repository.id)).toMatchObject({ pullRequest: 1, state: 'open' });
    expect((await find()).status).toBe('pending');
  });

  it('twice at once is one pull request and one row', async () => {
    const answers = await Promise.all([registrar.request(ask(), signal), registrar.request(ask(), signal)]);
    expect(answers.map((answer) => answer.kind === 'opened' && answer.pullRequest.number)).toEqual([1, 1]);
    expect(pulls()).toHaveLength(1);
    const log = gitSync(['-C', bare(), 'rev-list', '--count', 'main..upm-auto-publisher/register']);
    expect(log).toBe('1');
  });

  it('merges when asked to: the repository is active and its head is queued, once', async () => {
    const answer = await registrar.request(ask({ merge: true }), signal);
    expect(answer).toMatchObject({
      kind: 'opened',
      pullRequest: { state: 'merged' },
      merge: { kind: 'merged' },
    });
    expect((await find()).status).toBe('active');
    expect(await queued()).toBe(1);
    await followRegistrations(deps, signal);
    expect(await queued()).toBe(1);
    expect(await registrar.request(ask(), signal)).toEqual({ kind: 'nothing-to-change' });
  });

  it('enables auto-merge where checks are missing, and follows the merge when it comes', async () => {
    fixture.github.protect(fixture.slug, 'main', { how: 'classic', checksPending: true });
    const answer = await registrar.request(ask({ merge: true }), signal);
    expect(answer).toMatchObject({ kind: 'opened', merge: { kind: 'waiting' } });
    expect(pulls()).toMatchObject([{ autoMerge: true }]);
    await followRegistrations(deps, signal);
    expect((await find()).status).toBe('pending');
    fixture.github.protect(fixture.slug, 'main', undefined);
    fixture.github.merge(fixture.slug, 1);
    await followRegistrations(deps, signal);
    expect((await find()).status).toBe('active');
    expect(await queued()).toBe(1);
  });

  it('says in GitHub’s words why nothing merges it', async () => {
    fixture.github.protect(fixture.slug, 'main', { how: 'classic', checksPending: true });
    fixture.github.repository(fixture.slug).allowsAutoMerge = false;
    const answer = await registrar.request(ask({ merge: true }), signal);
    expect(answer).toMatchObject({
      merge: { kind: 'refused', detail: expect.stringContaining('status check') },
    });
  });

  it('tells the thread when the pull request is closed without a merge, and can be asked for again', async () => {
    await registrar.request(ask(), signal);
    const [pull] = pulls();
    if (pull !== undefined) pull.state = 'closed';
    await followRegistrations(deps, signal);
    const [told] = await store.outbox.listDue(10);
    expect(told?.announcement).toMatchObject({
      kind: 'repository-notice',
      title: expect.stringContaining('#1'),
    });
    const again = buildRegistrar(deps);
    expect(await again.request(ask(), signal)).toMatchObject({ kind: 'opened', pullRequest: { number: 2 } });
  });

  it('goes on after a merge that could not be followed: active first, then published, then let go', async () => {
    await registrar.request(ask(), signal);
    fixture.github.merge(fixture.slug, 1);
    const killed = { ...deps, accept: async () => Promise.reject(new Error('killed')) };
    await expect(followRegistrations(killed, signal)).rejects.toThrow('killed');
    expect(await store.registrations.find(repository.id)).toMatchObject({ state: 'open' });
    await followRegistrations(deps, signal);
    expect((await find()).status).toBe('active');
    expect(await queued()).toBe(1);
    expect(await store.registrations.find(repository.id)).toMatchObject({ state: 'merged' });
  });

  it('is merged although what follows has to wait for the git host', async () => {
    const away = async () => Promise.reject(new Outage('git-host', 'down', 'HTTP 502'));
    const lame = buildRegistrar({ ...deps, source: { ...source, listHeads: away } });
    const answer = await lame.request(ask({ merge: true }), signal);
    expect(answer).toMatchObject({ kind: 'opened', merge: { kind: 'merged' } });
    expect((await find()).status).toBe('pending');
    await followRegistrations(deps, signal);
    expect((await find()).status).toBe('active');
    expect(await queued()).toBe(1);
  });

  it('is looked at by itself, every five minutes, also after something nobody thought of', async () => {
    await registrar.request(ask(), signal);
    fixture.github.merge(fixture.slug, 1);
    const slept: number[] = [];
    const clock = {
      now: () => systemClock.now(),
      monotonic: () => systemClock.now(),
      sleep: async (ms: number, until?: AbortSignal) => {
        slept.push(ms);
        if (slept.length >= 2) await systemClock.sleep(1_000_000, until);
      },
    };
    let looks = 0;
    const find = async (id: Repository['id']) => {
      looks++;
      if (looks === 1) throw new Error('nobody thought of this');
      return store.repositories.find(id);
    };
    const repositories = { ...store.repositories, find };
    const loop = buildRegistrationLoop({ ...deps, clock, repositories });
    loop.start();
    await expect.poll(() => slept.length).toBe(2);
    await loop.stop();
    expect(slept).toEqual([300_000, 300_000]);
    expect(await store.registrations.find(repository.id)).toMatchObject({ state: 'merged' });
  });

  it('is let go with the repository: merging it later brings nothing back', async () => {
    await registrar.request(ask(), signal);
    const removal = await store.register.remove(repository.id, 'discord:1');
    expect(removal.pullRequest).toBe(1);
    fixture.github.merge(fixture.slug, 1);
    await followRegistrations(deps, signal);
    expect(await store.repositories.find(repository.id)).toMatchObject({ status: 'disabled' });
    expect(await queued()).toBe(0);
  });

  it('of another life does not disable a repository that was registered again', async () => {
    await registrar.request(ask({ merge: true }), signal);
    await registrar.request(ask({ kind: 'remove' }), signal);
    await store.register.remove(repository.id, 'discord:1');
    await store.register.add(fixture.slug as Slug, 'discord:1');
    fixture.github.merge(fixture.slug, 2);
    await followRegistrations(deps, signal);
    expect((await find()).status).toBe('pending');
  });

  it('refuses in sentences what cannot be registered', async () => {
    const nowhere = { ...repository, slug: 'studio/nowhere' as Slug };
    const answers = [
      await registrar.request(ask({ repository: nowhere }), signal),
      await buildRegistrar({ ...deps, publisherUrl: undefined }).request(ask(), signal),
    ];
    fixture.github.archive(fixture.slug);
    answers.push(await registrar.request(ask(), signal));
    expect(answers).toEqual([
      { kind: 'refused', detail: expect.stringContaining('404 for studio/nowhere') },
      { kind: 'refused', detail: expect.stringContaining('PUBLIC_URL') },
      { kind: 'refused', detail: expect.stringContaining('archived') },
    ]);
  });

  it('is taken back by a pull request that deletes the dispatcher, also those of earlier days', async () => {
    await registrar.request(ask({ merge: true }), signal);
    const old = '.github/workflows/upm-publish-dispatcher.yml';
    commitFiles(bare(), { files: { [old]: 'on: push\n' } });
    const answer = await buildRegistrar(deps).request(ask({ kind: 'remove', merge: true }), signal);
    expect(answer).toMatchObject({ merge: { kind: 'merged' } });
    expect(gitSync(['-C', bare(), 'ls-tree', '-r', '--name-only', 'main'])).not.toContain('.github');
    expect((await find()).status).toBe('disabled');
  });
});

describe('the sync of what is registered', () => {
  const kinds = async () => (await syncStatus(deps, signal)).map(({ kind }) => kind);

  it('finds a missing, a good and an outdated dispatcher', async () => {
    expect(await kinds()).toEqual(['dispatcher-missing']);
    await registrar.request(ask({ merge: true }), signal);
    expect(await kinds()).toEqual(['as-registered']);
    fixture.github.renameDefaultBranch(fixture.slug, 'trunk');
    expect(await kinds()).toEqual(['dispatcher-outdated']);
  });

  it('follows a rename, disables what is archived, and tells what cannot be seen', async () => {
    fixture.github.rename(fixture.slug, 'studio/renamed');
    expect(await kinds()).toEqual(['renamed']);
    expect(await find()).toMatchObject({ slug: 'studio/renamed', status: 'pending' });
    fixture.github.state.installations[0]?.hidden.add('studio/renamed');
    fixture.github.expireTokens();
    expect(await kinds()).toEqual(['no-access']);
    fixture.github.state.installations[0]?.hidden.clear();
    fixture.github.archive('studio/renamed');
    expect(await kinds()).toEqual(['archived']);
    expect((await find()).status).toBe('disabled');
    expect(await kinds()).toEqual([]);
  });

  it('disables a name that belongs to another repository by now', async () => {
    expect(await kinds()).toEqual(['dispatcher-missing']);
    const folderOf = bare();
    fixture.github.rename(fixture.slug, 'studio/elsewhere');
    fixture.github.addRepository(fixture.slug, folderOf);
    fixture.github.state.movedSlugs.clear();
    fixture.github.expireTokens();
    const [finding] = await syncStatus({ ...deps, directory: freshDirectory() }, signal);
    expect(finding).toMatchObject({ kind: 'name-reused' });
    expect((await find()).status).toBe('disabled');
  });

  it('decides nothing while GitHub is down', async () => {
    fixture.github.setFault(() => ({ kind: 'status', status: 502 }));
    expect(await kinds()).toEqual(['unknown']);
    expect((await find()).status).toBe('pending');
  });

  /** One that has met no repository yet. */
  function freshDirectory() {
    const appPem = fixture.github.appPem();
    const { github } = fixture;
    const options = { apiUrl: github.apiUrl, appId: github.state.appId, token: () => undefined };
    return buildGitHub({ ...options, appKey: () => appPem, clock: systemClock }).directory;
  }
});

describe('the sweep of deliveries', () => {
  it('asks once again for those of the last three days that never arrived', async () => {
    const { github } = fixture;
    const nobody = { url: 'http://127.0.0.1:9/webhooks/github', secret: 'x' };
    github.setWebhook(nobody);
    const lost = await github.deliver('push', { n: 1 });
    const twice = await github.deliver('push', { n: 2 });
    await github.redeliver(twice?.id ?? 0);
    const sweep = async (now = Date.now()) =>
      sweepDeliveries({ clock: { now: () => now }, deliveries }, signal);
    expect(await sweep(Date.now() + 4 * 86_400_000)).toEqual([]);
    expect(new Set(await sweep())).toEqual(new Set([lost?.guid, twice?.guid]));
    const sent = github.state.deliveries.filter(({ isRedelivery }) => isRedelivery);
    expect(sent.map(({ guid }) => guid)).toEqual([twice?.guid, lost?.guid, twice?.guid]);
  });

  it('leaves those alone that arrived with a later attempt', async () => {
    const { github } = fixture;
    github.setWebhook({ url: 'http://127.0.0.1:9/', secret: 'x' });
    const lost = await github.deliver('push', { n: 1 });
    const [first] = github.state.deliveries;
    if (first !== undefined)
      github.state.deliveries.push({ ...first, id: 5, isRedelivery: true, statusCode: 202 });
    expect(lost?.statusCode).toBe(0);
    expect(await sweepDeliveries({ clock: systemClock, deliveries }, signal)).toEqual([]);
  });
});

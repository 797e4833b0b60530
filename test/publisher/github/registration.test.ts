import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitSync } from '../../../sandbox/git-sync.ts';
import { commitFiles } from '../../../sandbox/unity-repository.ts';
import { systemClock } from '../../../src/adapters/system/system-clock.ts';
import { Outage } from '../../../src/domain/failure/failure.ts';
import type { Repository, Slug } from '../../../src/domain/repository/repository.ts';
import { dispatcherPath, renderDispatcher } from '../../../src/publisher/github/dispatcher-file.ts';
import {
  buildRegistrationLoop,
  followRegistrations,
} from '../../../src/publisher/github/follow-registrations.ts';
import { buildRegistrar } from '../../../src/publisher/github/registration.ts';

import {
  audience,
  publisherUrl,
  type RegistrationWorld,
  signal,
  startRegistrationWorld,
} from './registration-world.ts';

let world: RegistrationWorld;

beforeEach(async () => {
  world = await startRegistrationWorld();
});
afterEach(async () => world.stop());

const pulls = () => world.fixture.github.repository(world.fixture.slug).pulls;
const bare = (): string => world.fixture.github.repository(world.fixture.slug).bare;
const dispatcher = (branch: string): string => gitSync(['-C', bare(), 'show', `${branch}:${dispatcherPath}`]);
const queued = async (): Promise<number> => (await world.store.keeper.countDepth()).queued;

describe('registering a repository by a pull request', () => {
  it('opens one with the dispatcher, whose text is inert', async () => {
    const answer = await world.registrar.request(world.ask(), signal);
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
    expect(await world.store.registrations.find(world.repository.id)).toMatchObject({
      pullRequest: 1,
      state: 'open',
    });
    expect((await world.find()).status).toBe('pending');
  });

  it('opens one pull request and stores one row when asked twice at once', async () => {
    const answers = await Promise.all([
      world.registrar.request(world.ask(), signal),
      world.registrar.request(world.ask(), signal),
    ]);
    expect(answers.map((answer) => answer.kind === 'opened' && answer.pullRequest.number)).toEqual([1, 1]);
    expect(pulls()).toHaveLength(1);
    const log = gitSync(['-C', bare(), 'rev-list', '--count', 'main..upm-auto-publisher/register']);
    expect(log).toBe('1');
  });

  it('merges when asked to: the repository is active and its head is queued, once', async () => {
    const answer = await world.registrar.request(world.ask({ merge: true }), signal);
    expect(answer).toMatchObject({
      kind: 'opened',
      pullRequest: { state: 'merged' },
      merge: { kind: 'merged' },
    });
    expect((await world.find()).status).toBe('active');
    expect(await queued()).toBe(1);
    await followRegistrations(world.deps, signal);
    expect(await queued()).toBe(1);
    expect(await world.registrar.request(world.ask(), signal)).toEqual({ kind: 'nothing-to-change' });
  });

  it('waits where checks are missing, and merges automatically once they pass', async () => {
    world.fixture.github.protect(world.fixture.slug, 'main', { how: 'classic', checksPending: true });
    const answer = await world.registrar.request(world.ask({ merge: true }), signal);
    expect(answer).toMatchObject({ kind: 'opened', merge: { kind: 'waiting' } });
    await followRegistrations(world.deps, signal);
    expect((await world.find()).status).toBe('pending');
    world.fixture.github.protect(world.fixture.slug, 'main', undefined);
    await followRegistrations(world.deps, signal);
    expect((await world.find()).status).toBe('active');
    expect(await queued()).toBe(1);
  });

  it('says in GitHub’s words why the pull request is not merged', async () => {
    await world.registrar.request(world.ask(), signal);
    commitFiles(bare(), { files: { [dispatcherPath]: 'name: Another one\n' } });
    const answer = await world.registrar.request(world.ask({ merge: true }), signal);
    expect(answer).toMatchObject({
      merge: { kind: 'refused', detail: expect.stringContaining('not mergeable') },
    });
  });

  const stranger = (branch: string): string =>
    commitFiles(bare(), { branch, message: 'Tidy up', files: { 'Editor/Extra.cs': '// theirs\n' } });
  const foreign = expect.stringMatching(/did not write \([0-9a-f]{7}\)\. .*delete the branch/);

  it('merges nothing that somebody else pushed to its branch; this is announced once, and audited', async () => {
    await world.registrar.request(world.ask(), signal);
    const head = stranger('upm-auto-publisher/register');
    for (let asked = 0; asked < 2; asked++) {
      const answer = await world.registrar.request(world.ask({ merge: true }), signal);
      expect(answer).toMatchObject({ kind: 'refused', detail: foreign });
    }
    expect(pulls()).toMatchObject([{ state: 'open', mergedAs: undefined }]);
    expect(gitSync(['-C', bare(), 'ls-tree', '-r', '--name-only', 'main'])).not.toContain('Extra.cs');
    const told = await world.store.outbox.listDue(10);
    expect(told.map((item) => item.announcement)).toMatchObject([{ kind: 'repository-notice' }]);
    const audited = (await world.store.audit.list(50)).filter(({ action }) => action === 'foreign-branch');
    expect(audited).toMatchObject([{ facts: { branch: 'upm-auto-publisher/register', head } }]);
  });

  it('merges nothing that was pushed to its branch while it waited for checks', async () => {
    const { github, slug } = world.fixture;
    github.protect(slug, 'main', { how: 'classic', checksPending: true });
    await world.registrar.request(world.ask({ merge: true }), signal);
    stranger('upm-auto-publisher/register');
    github.protect(slug, 'main', undefined);
    await followRegistrations(world.deps, signal);
    await followRegistrations(world.deps, signal);
    expect(pulls()).toMatchObject([{ state: 'open' }]);
    expect(await world.store.registrations.find(world.repository.id)).toMatchObject({ mergeAt: undefined });
    expect(await world.store.outbox.listDue(10)).toHaveLength(1);
  });

  it.each([['register'], ['remove']] as const)(
    'uses no branch upm-auto-publisher/%s that was there before',
    async (end) => {
      const head = stranger(`upm-auto-publisher/${end}`);
      if (end === 'remove') await world.registrar.request(world.ask({ merge: true }), signal);
      const kind = end === 'remove' ? 'remove' : 'add';
      const answer = await world.registrar.request(world.ask({ kind, merge: true }), signal);
      expect(answer).toMatchObject({ kind: 'refused', detail: foreign });
      expect(gitSync(['-C', bare(), 'rev-parse', `upm-auto-publisher/${end}`])).toBe(head);
      gitSync(['-C', bare(), 'branch', '-D', `upm-auto-publisher/${end}`]);
      expect(await world.registrar.request(world.ask({ kind, merge: true }), signal)).toMatchObject({
        merge: { kind: 'merged' },
      });
    },
  );

  it('opens its own pull request beside one that somebody opened from its branch into another branch', async () => {
    const { writer } = world.deps;
    await world.registrar.request(world.ask(), signal);
    const [ours] = pulls();
    if (ours !== undefined) ours.state = 'closed';
    await followRegistrations(world.deps, signal);
    commitFiles(bare(), { branch: 'develop', files: { 'README.md': 'develop\n' } });
    const head = 'upm-auto-publisher/register';
    const theirs = { slug: world.repository.slug, base: 'develop', head, title: 'Mine', body: '' };
    await writer.openPullRequest(theirs, signal);
    const answer = await world.registrar.request(world.ask({ merge: true }), signal);
    expect(answer).toMatchObject({ merge: { kind: 'merged' } });
    expect(pulls().map(({ title, state, base }) => [base, state, title])).toContainEqual([
      'develop',
      'open',
      'Mine',
    ]);
  });

  it('tells the thread when the pull request is closed without a merge, and can be asked for again', async () => {
    await world.registrar.request(world.ask(), signal);
    const [pull] = pulls();
    if (pull !== undefined) pull.state = 'closed';
    await followRegistrations(world.deps, signal);
    const [told] = await world.store.outbox.listDue(10);
    expect(told?.announcement).toMatchObject({
      kind: 'repository-notice',
      title: expect.stringContaining('#1'),
    });
    const again = buildRegistrar(world.deps);
    expect(await again.request(world.ask(), signal)).toMatchObject({
      kind: 'opened',
      pullRequest: { number: 2 },
    });
  });

  it('goes on after a merge whose consequences were interrupted: active first, then published, then completed', async () => {
    await world.registrar.request(world.ask(), signal);
    world.fixture.github.merge(world.fixture.slug, 1);
    const killed = { ...world.deps, accept: async () => Promise.reject(new Error('killed')) };
    await expect(followRegistrations(killed, signal)).rejects.toThrow('killed');
    expect(await world.store.registrations.find(world.repository.id)).toMatchObject({ state: 'open' });
    await followRegistrations(world.deps, signal);
    expect((await world.find()).status).toBe('active');
    expect(await queued()).toBe(1);
    expect(await world.store.registrations.find(world.repository.id)).toMatchObject({ state: 'merged' });
  });

  it('merges although what follows has to wait for the git host', async () => {
    const away = async () => Promise.reject(new Outage('git-host', 'down', 'HTTP 502'));
    const lame = buildRegistrar({ ...world.deps, source: { ...world.deps.source, listHeads: away } });
    const answer = await lame.request(world.ask({ merge: true }), signal);
    expect(answer).toMatchObject({ kind: 'opened', merge: { kind: 'merged' } });
    expect((await world.find()).status).toBe('pending');
    await followRegistrations(world.deps, signal);
    expect((await world.find()).status).toBe('active');
    expect(await queued()).toBe(1);
  });

  it('looks at the pull request every five minutes, even after an unexpected error', async () => {
    await world.registrar.request(world.ask(), signal);
    world.fixture.github.merge(world.fixture.slug, 1);
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
      return world.store.repositories.find(id);
    };
    const repositories = { ...world.store.repositories, find };
    const loop = buildRegistrationLoop({ ...world.deps, clock, repositories });
    loop.start();
    await expect.poll(() => slept.length).toBe(2);
    await loop.stop();
    expect(slept).toEqual([300_000, 300_000]);
    expect(await world.store.registrations.find(world.repository.id)).toMatchObject({ state: 'merged' });
  });

  it('is cancelled with the removal of the repository: merging it later brings nothing back', async () => {
    await world.registrar.request(world.ask(), signal);
    const removal = await world.store.register.remove(world.repository.id, 'discord:1');
    expect(removal.pullRequest).toBe(1);
    world.fixture.github.merge(world.fixture.slug, 1);
    await followRegistrations(world.deps, signal);
    expect(await world.store.repositories.find(world.repository.id)).toMatchObject({ status: 'disabled' });
    expect(await queued()).toBe(0);
  });

  it('ignores an earlier removal of the dispatcher once the repository is registered again', async () => {
    await world.registrar.request(world.ask({ merge: true }), signal);
    await world.registrar.request(world.ask({ kind: 'remove' }), signal);
    await world.store.register.remove(world.repository.id, 'discord:1');
    await world.store.register.add(world.fixture.slug as Slug, 'discord:1');
    world.fixture.github.merge(world.fixture.slug, 2);
    await followRegistrations(world.deps, signal);
    expect((await world.find()).status).toBe('pending');
  });

  it('refuses in sentences what cannot be registered', async () => {
    const nowhere = { ...world.repository, slug: 'studio/nowhere' as Slug };
    const answers = [
      await world.registrar.request(world.ask({ repository: nowhere }), signal),
      await buildRegistrar({ ...world.deps, publisherUrl: undefined }).request(world.ask(), signal),
    ];
    world.fixture.github.archive(world.fixture.slug);
    answers.push(await world.registrar.request(world.ask(), signal));
    expect(answers).toEqual([
      { kind: 'refused', detail: expect.stringContaining('404 for studio/nowhere') },
      { kind: 'refused', detail: expect.stringContaining('PUBLIC_URL') },
      { kind: 'refused', detail: expect.stringContaining('archived') },
    ]);
  });

  it('is undone by a pull request that deletes the dispatcher, also one of an earlier form', async () => {
    await world.registrar.request(world.ask({ merge: true }), signal);
    const old = '.github/workflows/upm-publish-dispatcher.yml';
    commitFiles(bare(), { files: { [old]: 'on: push\n' } });
    const answer = await buildRegistrar(world.deps).request(
      world.ask({ kind: 'remove', merge: true }),
      signal,
    );
    expect(answer).toMatchObject({ merge: { kind: 'merged' } });
    expect(gitSync(['-C', bare(), 'ls-tree', '-r', '--name-only', 'main'])).not.toContain('.github');
    expect((await world.find()).status).toBe('disabled');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Outage } from '../../../src/domain/failure/failure.ts';
import type { CommitSha, RepositoryId, Slug } from '../../../src/domain/repository/repository.ts';
import type { RegistrationRequest } from '../../../src/publisher/github/registration.ts';
import { ask, manifestFile, packageFiles, type Studio, startStudio } from './studio.ts';

const never = new AbortController().signal;
const by = 'discord:7';
let studio: Studio;

beforeAll(async () => {
  studio = await startStudio();
  await studio.addRepository('studio/one');
  await studio.addRepository('studio/empty');
  studio.commit('studio/one', {
    ...packageFiles('com.studio.core', '1.0.0'),
    ...manifestFile('com.studio.known', '1.1.0'),
    ...manifestFile('web', '1.0.0'),
  });
  await studio.seed('com.studio.known', '1.0.0');
}, 60_000);
afterAll(async () => studio.stop());

describe('scanning a repository', () => {
  it.each([
    'https://github.com/studio/one',
    'https://github.com/studio/one.git',
    'git@github.com:studio/one.git',
    'https://github.com/studio/one/tree/main/Packages',
    'github.com/studio/one/',
    'studio/one',
  ])('accepts %s: pending, with what is found there', async (address) => {
    const answer = await studio.operations.scanRepository(address, by, never);
    expect(answer).toMatchObject({
      kind: 'scanned',
      repository: { slug: 'studio/one', status: 'pending' },
      scan: {
        branch: 'main',
        packages: [
          { name: 'com.studio.core', kind: 'never-published', isPublishable: true },
          { name: 'com.studio.known', kind: 'ahead', latest: '1.0.0' },
          { name: 'web', kind: 'excluded', detail: expect.stringContaining('Not a Unity package') },
        ],
        contested: [],
      },
    });
    expect(await studio.parts.store.repositories.list()).toHaveLength(1);
    // A scan claims no names.
    expect(await studio.parts.store.ledger.findOwner('com.studio.known')).toBeUndefined();
  });

  it('refuses owners that are not ours, and leaves nothing behind when nothing can be read', async () => {
    const { operations } = studio;
    expect(await operations.scanRepository('github.com/stranger/one', by, never)).toMatchObject({
      kind: 'refused',
    });
    expect(await operations.scanRepository('stranger/one', by, never)).toMatchObject({
      kind: 'refused',
      failure: { reason: 'owner-not-allowed', title: expect.stringContaining('studio, partner') },
    });
    expect(await operations.scanRepository('studio/oen', by, never)).toMatchObject({
      kind: 'refused',
      failure: { reason: 'repository-unavailable' },
    });
    for (const text of [
      '',
      'not an address',
      '--upload-pack=x/y',
      `studio/${'x'.repeat(6_000)}`,
      '@everyone/x',
    ]) {
      const answer = await operations.scanRepository(text, by, never);
      expect(['not-found', 'refused']).toContain(answer.kind);
    }
    expect((await studio.parts.store.repositories.list()).map(({ slug }) => slug)).toEqual(['studio/one']);
  });

  it('accepts a repository without a commit', async () => {
    expect(await studio.operations.scanRepository('studio/empty', by, never)).toMatchObject({
      kind: 'scanned',
      scan: { commit: '', packages: [] },
    });
  });
});

describe('changing a repository', () => {
  it('says in words what changed, and audits who did it', async () => {
    const answer = await studio.operations.changeRepository(
      'STUDIO/one',
      { status: 'active', branches: ['release/*', 'release/*'], scopes: ['com.studio.core'], mode: 'shadow' },
      by,
    );
    expect(answer).toMatchObject({
      kind: 'changed',
      repository: { slug: 'studio/one', status: 'active', branches: ['release/*'], mode: 'shadow' },
      changes: [
        'status: pending → active',
        'mode: live → shadow',
        'branches: the default branch → release/*',
        'scopes: all → com.studio.core',
      ],
    });
    expect(studio.activated).toHaveLength(1);
    expect((await studio.parts.store.audit.list(1))[0]).toMatchObject({
      action: 'repository-changed',
      actor: by,
      subject: 'studio/one',
    });
    const { rows } = await drift();
    expect(rows.map(({ name }) => name)).toEqual(['com.studio.core']);
  });

  it('repeats the look at a commit that killed two processes, which is shown until then', async () => {
    const { looks, store } = studio.parts;
    const one = await store.repositories.findBySlug('studio/one' as Slug);
    const commit = studio.tip('studio/one') as CommitSha;
    const look = {
      repositoryId: one?.id ?? (0 as RepositoryId),
      commit,
      place: 'main',
      kind: 'push',
    } as const;
    for (const _ of ['once', 'twice']) {
      await store.lookMarks.begin(look);
      await store.lookMarks.countCrashes();
    }
    const shown = async (): Promise<string> =>
      (await studio.operations.describeOverview()).waitsForPerson.join('\n');
    expect(await shown()).toContain(`studio/one is left alone at ${commit.slice(0, 7)}`);
    expect(await studio.operations.changeRepository('studio/one', { status: 'active' }, by)).toMatchObject({
      changes: ['left alone → looked at again'],
    });
    expect(await looks.listLeftAlone()).toEqual([]);
    expect(await shown()).not.toContain('left alone');
  });

  it('changes nothing when one part of it is not possible', async () => {
    const bad = [
      { branches: ['ok', '--output=x'] },
      { branches: ['a/*/b*'] },
      { scopes: ['com.other'] },
      { scopes: ['com.studio; drop'] },
      { branches: Array.from({ length: 51 }, (_, index) => `b${index}`) },
    ];
    for (const settings of bad) {
      expect(
        await studio.operations.changeRepository('studio/one', { status: 'disabled', ...settings }, by),
      ).toMatchObject({ kind: 'refused', failure: { reason: 'setting-invalid' } });
    }
    const kept = await studio.parts.store.repositories.findBySlug('studio/one' as Slug);
    expect(kept?.status).toBe('active');
    expect(await studio.operations.changeRepository('studio/one', { status: 'active' }, by)).toMatchObject({
      changes: [],
    });
    expect(await studio.operations.changeRepository('studio/on', {}, by)).toMatchObject({
      kind: 'not-found',
      closest: 'studio/one',
    });
  });
});

describe('the rules of a repository', () => {
  it('are set and reset one by one, and unknown ones or gates change nothing', async () => {
    const { operations } = studio;
    const set = await operations.changeRepository('studio/one', { rules: { 'meta.missing': 'warn' } }, by);
    expect(set).toMatchObject({
      changes: ['rule meta.missing: default → warn'],
      repository: { rules: { 'meta.missing': 'warn' } },
    });
    for (const id of ['meta.mising', 'pack.secret']) {
      expect(await operations.changeRepository('studio/one', { rules: { [id]: 'off' } }, by)).toMatchObject({
        kind: 'refused',
        failure: { reason: 'setting-invalid' },
      });
    }
    const back = await operations.changeRepository('studio/one', { rules: 'default' }, by);
    expect(back).toMatchObject({ repository: { rules: {} } });
  });
});

describe('removing a repository', () => {
  it('hides it, frees its names and cancels what is queued; a later add starts from the beginning', async () => {
    const { operations, parts } = studio;
    await operations.changeRepository('studio/one', { mode: 'live', scopes: [] }, by);
    await operations.setOwner('com.studio.core', 'studio/one', by);
    const queued = await operations.requestPublish(ask({ kind: 'repository', slug: 'studio/one' }));
    const job = queued.kind === 'queued' ? queued.job : 0;
    const answer = await operations.removeRepository('studio/one', by);
    expect(answer).toMatchObject({
      kind: 'changed',
      changes: ['removed', 'names without an owner now: com.studio.core', `cancelled: #${job}`],
    });
    expect(await parts.store.repositories.findBySlug('studio/one' as Slug)).toBeUndefined();
    expect(await parts.store.ledger.findOwner('com.studio.core')).toBeUndefined();
    expect(await operations.describeJob(job)).toMatchObject({ report: { status: 'cancelled' } });
    expect(await operations.removeRepository('studio/one', by)).toMatchObject({ kind: 'not-found' });
    expect((await drift()).rows).toEqual([]);
    expect(await parts.store.suggestions.suggestRepositories('one')).toEqual([]);
    const imported = await parts.store.repositories.addUnknown([
      { slug: 'studio/one' as Slug, status: 'active' },
    ]);
    expect(imported).toBe(0);
    expect(await operations.scanRepository('studio/one', by, never)).toMatchObject({
      repository: { status: 'pending', mode: 'live', branches: [] },
    });
    const actions = (await parts.store.audit.list(20)).map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['repository-removed', 'repository-added', 'owner-set']));
  });

  it('refuses to give a name to an unknown repository', async () => {
    const { operations } = studio;
    expect(await operations.setOwner('com.studio.coer', 'studio/one', by)).toMatchObject({
      kind: 'not-found',
    });
    expect(await operations.setOwner('com.studio.core', 'studio/nine', by)).toMatchObject({
      kind: 'not-found',
      what: 'repository',
    });
  });
});

async function drift() {
  const answer = await studio.operations.listDrift(undefined);
  if (answer.kind !== 'drift') throw new Error(answer.kind);
  return answer;
}

describe('asking for a dispatcher', () => {
  const dispatcher = (slug: string, kind: 'add' | 'remove' = 'add') =>
    studio.operations.requestDispatcher({ slug, kind, merge: false, by }, never);

  it('puts what was found, and why the rest is left out, into the pull request, and audits who asked', async () => {
    await studio.operations.scanRepository('studio/one', by, never);
    const asked: RegistrationRequest[] = [];
    studio.registrar.request = async (request) => {
      asked.push(request);
      return { kind: 'refused', detail: 'studio/one is archived.' };
    };
    expect(await dispatcher('STUDIO/one')).toMatchObject({
      kind: 'asked',
      repository: { slug: 'studio/one' },
      answer: { kind: 'refused' },
    });
    expect(asked).toMatchObject([{ kind: 'add', merge: false, requestedBy: by }]);
    expect(asked[0]?.packages).toContainEqual({
      name: 'com.studio.core',
      version: '1.0.0',
      path: 'Packages/com.studio.core',
      excludedBecause: undefined,
    });
    const web = asked[0]?.packages.find(({ name }) => name === 'web');
    expect(web?.excludedBecause).toContain('Not a Unity package');
    expect((await studio.parts.store.audit.list(1))[0]).toMatchObject({
      action: 'dispatcher-asked-for',
      actor: by,
      subject: 'studio/one',
      facts: { kind: 'refused' },
    });
  });

  it('is refused in words for a missing repository, and while the git host is down', async () => {
    expect(await dispatcher('studio/oen')).toMatchObject({ kind: 'not-found', closest: 'studio/one' });
    studio.registrar.request = async () => Promise.reject(new Outage('git-host', 'down', 'HTTP 502'));
    expect(await dispatcher('studio/one', 'remove')).toMatchObject({
      kind: 'refused',
      failure: { reason: 'git-host-unavailable' },
    });
  });
});

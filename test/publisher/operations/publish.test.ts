import { existsSync, readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RepositoryId, Slug } from '../../../src/domain/repository/repository.ts';
import type { PublishRequest, Queued } from '../../../src/publisher/operations/operations.ts';
import { dispatchOf } from '../../store/queued-job.ts';
import { dumpStored } from './dump-stored.ts';
import { ask, packageFiles, type Studio, startStudio } from './studio.ts';

const never = new AbortController().signal;
const one = { kind: 'repository', slug: 'studio/one' } as const;
let studio: Studio;

beforeAll(async () => {
  studio = await startStudio();
  await studio.addRepository('studio/one', { branches: ['release/*'] });
  await studio.addRepository('studio/asleep', { status: 'disabled' });
  studio.commit('studio/one', {
    ...packageFiles('com.studio.core', '1.0.0'),
    ...packageFiles('com.studio.net', '1.0.0', { dependencies: { 'com.studio.core': '1.0.0' } }),
  });
  await studio.operations.refreshDrift(undefined, () => undefined, never);
}, 60_000);
afterEach(() => studio.proxy.clear());
afterAll(async () => studio.stop());

async function publish(request: PublishRequest): Promise<Queued> {
  const answer = await studio.operations.requestPublish(request);
  if (answer.kind !== 'queued') throw new Error(JSON.stringify(answer));
  return answer;
}

async function idOf(slug: string): Promise<RepositoryId> {
  const repository = await studio.parts.store.repositories.findBySlug(slug as Slug);
  if (repository === undefined) throw new Error(`${slug} is not registered`);
  return repository.id;
}

describe('a dry run', () => {
  it('says per package what a publish would do, and leaves no trace', async () => {
    const before = dumpStored(studio.folder);
    const plan = await studio.operations.planPublish(ask(one), never);
    expect(plan).toMatchObject({
      kind: 'plan',
      repository: 'studio/one',
      branch: 'main',
      packages: [
        { name: 'com.studio.core', outcome: 'not-attempted', distTag: 'latest' },
        { name: 'com.studio.net', outcome: 'not-attempted', distTag: 'latest' },
      ],
    });
    expect(dumpStored(studio.folder)).toBe(before);
    expect(studio.proxy.requests().every(({ method }) => method === 'GET')).toBe(true);
    const left = readdirSync(studio.folder, { recursive: true, encoding: 'utf8' });
    expect(left.filter((name) => name.endsWith('.tgz'))).toEqual([]);
  });

  it('shows the findings of the packed files', async () => {
    studio.commit(
      'studio/one',
      { 'Packages/com.studio.core/.env.local': 'A=1\n', ...envFile },
      'release/bad',
    );
    const plan = await studio.operations.planPublish(ask(one, { ref: 'release/bad' }), never);
    expect(plan).toMatchObject({ kind: 'plan', branch: 'release/bad' });
    const packages = plan.kind === 'plan' ? plan.packages : [];
    const core = packages.find(({ name }) => name === 'com.studio.secretive');
    expect(core).toMatchObject({ outcome: 'failed', reason: 'preflight-rejected' });
    expect(core?.findings.length).toBeGreaterThan(0);
  });

  it('is refused while the registry is down', async () => {
    studio.proxy.setFaults(() => ({ kind: 'status', status: 503 }));
    expect(await studio.operations.planPublish(ask(one), never)).toMatchObject({
      kind: 'refused',
      failure: { reason: 'registry-unavailable' },
    });
  });
});

const envFile = {
  ...packageFiles('com.studio.secretive', '1.0.0'),
  'Packages/com.studio.secretive/id_rsa': '-----BEGIN OPENSSH PRIVATE KEY-----\n',
};

describe('a publish that a person asks for', () => {
  it('is queued as a job of the package or of the repository, in order, with who asked', async () => {
    const core = await publish(ask({ kind: 'package', name: 'com.studio.core' }));
    expect(core).toMatchObject({
      repository: 'studio/one',
      status: 'queued',
      position: 1,
      duplicate: false,
    });
    const all = await publish(ask(one, { by: 'discord:8' }));
    expect(all).toMatchObject({ position: 2 });
    const again = await publish(ask({ kind: 'package', name: 'com.studio.core' }, { by: 'discord:9' }));
    expect(again).toMatchObject({ job: core.job, duplicate: true, position: 1 });
    const audit = await studio.parts.store.audit.list(10);
    expect(audit.filter(({ action }) => action === 'dispatch-accepted')).toMatchObject([
      { actor: 'discord:8', subject: `#${all.job}` },
      { actor: 'discord:7', subject: `#${core.job}`, facts: { packagePath: 'Packages/com.studio.core' } },
    ]);
    await studio.runJobs();
    const done = await studio.operations.describeJob(core.job);
    expect(done).toMatchObject({
      kind: 'job',
      requestedBy: 'discord:7',
      report: { status: 'published', packages: [{ name: 'com.studio.core', outcome: 'published' }] },
    });
    const third = await publish(ask({ kind: 'package', name: 'com.studio.core' }));
    expect(third).toMatchObject({ job: core.job, status: 'published', duplicate: true, position: undefined });
  });

  it('judges all of a repository at a head that was judged before, while a dispatch of it judges nothing again', async () => {
    await studio.addRepository('studio/late', {});
    const commit = studio.commit('studio/late', packageFiles('com.studio.late', '1.0.0'));
    const { queue, register } = studio.parts.store;
    const repositoryId = await idOf('studio/late');
    const outcomes = async (job: number): Promise<readonly string[]> => {
      await studio.runJobs();
      const done = await studio.operations.describeJob(job);
      return done.kind === 'job' ? done.report.packages.map(({ outcome }) => outcome) : [];
    };
    // Somebody else owned the name when the commit was first judged.
    await register.setOwner('com.studio.late', await idOf('studio/one'), 'discord:7');
    const { job: first } = await queue.accept(dispatchOf(repositoryId, commit));
    expect(await outcomes(first)).toEqual(['excluded']);
    await register.setOwner('com.studio.late', repositoryId, 'discord:7');
    const second = studio.commit('studio/late', { 'notes.txt': 'nothing that counts' });
    const { job: dispatched } = await queue.accept(dispatchOf(repositoryId, second));
    expect(await outcomes(dispatched)).toEqual(['unchanged']);
    const target = ask({ kind: 'repository', slug: 'studio/late' });
    expect(await studio.operations.planPublish(target, never)).toMatchObject({
      packages: [{ name: 'com.studio.late', outcome: 'not-attempted', distTag: 'latest' }],
    });
    const asked = await publish(target);
    expect(asked).toMatchObject({ commit: second, duplicate: false });
    expect(await outcomes(asked.job)).toEqual(['published']);
  });

  it('lets an operator publish below latest', async () => {
    studio.commit('studio/one', packageFiles('com.studio.core', '0.9.0'));
    const { job } = await publish(ask({ kind: 'package', name: 'com.studio.core' }, { allowLower: true }));
    await studio.runJobs();
    expect(await studio.operations.describeJob(job)).toMatchObject({
      report: { packages: [{ version: '0.9.0', outcome: 'published', distTag: 'release-0.9' }] },
    });
  });

  it.each([
    '--upload-pack=touch ran',
    '../..',
    'x'.repeat(6_000),
    '@everyone',
    '$(touch ran)',
    '`touch ran`',
    'refs/heads/*',
    '\u0000',
  ])('fails for the ref %j, and nothing runs', async (ref) => {
    for (const answer of [
      await studio.operations.requestPublish(ask(one, { ref })),
      await studio.operations.planPublish(ask(one, { ref }), never),
    ]) {
      expect(answer).toMatchObject({ kind: 'not-found', what: 'ref' });
      expect('asked' in answer ? answer.asked : ref).toBe(ref.slice(0, 200));
    }
    expect(await studio.parts.store.queue.claim([])).toBeUndefined();
    expect(existsSync('ran')).toBe(false);
  });

  it('is refused from a branch that does not publish, from a disabled repository and while git is down', async () => {
    studio.commit('studio/one', { a: '1' }, 'feature');
    const { operations } = studio;
    expect(await operations.requestPublish(ask(one, { ref: 'feature' }))).toMatchObject({
      kind: 'refused',
      failure: { reason: 'commit-not-on-branch' },
    });
    expect(await operations.requestPublish(ask({ kind: 'repository', slug: 'studio/asleep' }))).toMatchObject(
      {
        kind: 'refused',
        failure: { reason: 'repository-disabled' },
      },
    );
    studio.host.setFault({ kind: 'status', status: 503 });
    const answer = await operations.requestPublish(ask(one));
    studio.host.setFault(undefined);
    expect(answer).toMatchObject({ kind: 'refused', failure: { reason: 'git-host-unavailable' } });
  });

  it('suggests the closest existing name', async () => {
    const { operations } = studio;
    expect(await operations.requestPublish(ask({ kind: 'package', name: 'com.studio.cor' }))).toEqual({
      kind: 'not-found',
      what: 'package',
      asked: 'com.studio.cor',
      closest: 'com.studio.core',
    });
    expect(await operations.describePackage('com.studio.nett')).toMatchObject({ closest: 'com.studio.net' });
    expect(await operations.describeRepository('studio/two')).toMatchObject({ kind: 'not-found' });
    expect(await operations.describeJob(999)).toMatchObject({ kind: 'not-found', what: 'job' });
  });
});

describe('the overview', () => {
  it('shows queue, repositories, drift, last jobs and what waits for a person', async () => {
    const overview = await studio.operations.describeOverview();
    expect(overview).toMatchObject({
      running: 0,
      queued: 0,
      repositories: { active: 2, disabled: 1, pending: 0 },
    });
    const numbers = overview.lastJobs.map(({ job }) => job);
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    expect(overview.readiness.store.state).toBe('ok');
    await studio.operations.auditRefusal('discord:1', '/publish');
    expect((await studio.parts.store.audit.list(1))[0]).toMatchObject({
      action: 'refused',
      actor: 'discord:1',
    });
    const history = await studio.operations.describePackage('com.studio.core');
    expect(history).toMatchObject({ kind: 'package', owner: 'studio/one' });
    const publishes = history.kind === 'package' ? history.publishes : [];
    expect(publishes.map(({ version, outcome }) => `${version} ${outcome}`)).toEqual([
      '0.9.0 published',
      '1.0.0 skipped',
      '1.0.0 published',
    ]);
  });

  it('shows which changelogs are owed to their repository, and how many', async () => {
    const files = packageFiles('com.studio.owed', '1.0.0');
    const changelog = { 'Packages/com.studio.owed/CHANGELOG.md': '# Changelog\n' };
    studio.commit('studio/one', { ...files, ...changelog });
    await publish(ask(one));
    await studio.runJobs();
    const { owedChangelogs, waitsForPerson } = await studio.operations.describeOverview();
    expect(owedChangelogs).toBe(1);
    expect(waitsForPerson).toContain('studio/one: changelogs are owed to main, not tried yet (1 entry)');
  });
});

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitSync } from '../../../../sandbox/git-sync.ts';
import { pullRefspecs } from '../../../../src/adapters/git/branches.ts';
import { buildGitSource, type GitPorts } from '../../../../src/adapters/git/git-source.ts';
import { systemClock } from '../../../../src/adapters/system/system-clock.ts';
import { openPrepare, openPrepareFrom } from '../../../../src/app/open-pipeline.ts';
import { Outage } from '../../../../src/domain/failure/failure.ts';
import type { CommitCheck } from '../../../../src/domain/repository/commit-check.ts';
import type { CommitSha, Repository, Slug } from '../../../../src/domain/repository/repository.ts';
import type { CommitHistory, RepositorySource } from '../../../../src/ports/git.ts';
import type { CommitChecks } from '../../../../src/ports/github.ts';
import { buildCheckLoop } from '../../../../src/publisher/watch/checks/check-loop.ts';
import { packageFiles, type Studio, startStudio } from '../../operations/studio.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const never = new AbortController().signal;
let studio: Studio;
let pulls: GitPorts;
let count = 0;

beforeAll(async () => {
  studio = await startStudio();
  pulls = buildGitSource({
    serverUrl: studio.host.url,
    folder: join(studio.folder, 'pull-mirrors'),
    token: () => 'sandbox-git-token',
    maxMirrorBytesTotal: 1e9,
    maxFetchBytes: 1e9,
    maxFiles: 10_000,
    timeoutMs: 30_000,
    clock: systemClock,
    logger: silent,
    refspecs: pullRefspecs,
  });
});

afterAll(async () => {
  await pulls.stop();
  await studio.stop();
});

interface Shown {
  readonly slug: string;
  readonly commit: string;
  readonly check: CommitCheck | undefined;
}

/** Runs one loop over what waits, until nothing does; returns what was shown. */
async function runLoop(how: Partial<CommitChecks> = {}, isBusy = () => false): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  const asleep = Promise.withResolvers<void>();
  const checks: CommitChecks = {
    begin: async (slug, commit) => {
      shown.push({ slug, commit, check: undefined });
      return 'check';
    },
    finish: async (slug, commit, check) => {
      shown.push({ slug, commit, check });
      return 'check';
    },
    ...how,
  };
  const { looks, pipeline, store } = studio.parts;
  const { checkRequests: requests, repositories } = store;
  const clock = {
    now: () => Date.now(),
    monotonic: () => Date.now(),
    sleep: async (_ms: number, signal?: AbortSignal) => {
      asleep.resolve();
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    },
  };
  const prepare = openPrepare(pipeline);
  const prepareFrom = (source: RepositorySource & CommitHistory) => openPrepareFrom(pipeline, source);
  const own = { clock, logger: silent, requests, checks, repositories };
  const deps = { ...own, prepare, prepareFrom, looks, pulls, isBusy };
  const loop = buildCheckLoop(deps);
  loop.start();
  await asleep.promise;
  await loop.stop();
  return shown;
}

async function addRepository(): Promise<{ repository: Repository; name: string; bare: string }> {
  const slug = `studio/pulled${++count}` as Slug;
  const name = `com.studio.pulled${count}`;
  await studio.addRepository(slug, {});
  studio.commit(slug, packageFiles(name, '1.0.0'));
  const repository = await studio.parts.store.repositories.findBySlug(slug);
  if (repository === undefined) throw new Error('not registered');
  return { repository, name, bare: join(studio.folder, '..', 'git', `${slug}.git`) };
}

/** Makes a commit that only a pull request contains, as from a fork. */
function propose(slug: string, bare: string, files: Parameters<Studio['commit']>[1]): CommitSha {
  const commit = studio.commit(slug, files, 'elsewhere');
  gitSync(['-C', bare, 'update-ref', 'refs/pull/12/head', commit]);
  gitSync(['-C', bare, 'update-ref', '-d', 'refs/heads/elsewhere']);
  return commit;
}

function headOf({ id }: Repository, commit: CommitSha, pullRequest: number | undefined) {
  return { repositoryId: id, commit, branch: 'main', isDefaultBranch: true, pullRequest };
}

describe('the head of a pull request', () => {
  it('from a fork is packed and checked, shown at its commit, and still cannot be published', async () => {
    const { repository, name, bare } = await addRepository();
    const files = { ...packageFiles(name, '1.1.0'), [`Packages/${name}/Runtime/NoMeta.cs`]: 'class A {}\n' };
    const commit = propose(repository.slug, bare, files);
    const { checkRequests } = studio.parts.store;
    await checkRequests.request(headOf(repository, commit, 12));
    const [begun, done] = await runLoop();
    expect(begun).toEqual({ slug: repository.slug, commit, check: undefined });
    expect(done).toMatchObject({
      slug: repository.slug,
      commit,
      check: { conclusion: 'failure', title: '1 blocking finding' },
    });
    expect(done?.check?.annotations).toMatchObject([
      { path: `Packages/${name}/Runtime/NoMeta.cs`, level: 'failure', title: 'meta.missing' },
    ]);
    const { id, slug, branches } = repository;
    await expect(studio.parts.source.locate({ id, slug, commit, branches }, never)).rejects.toMatchObject({
      failure: { reason: 'commit-not-on-branch' },
    });
    expect(await checkRequests.findLastOutcome()).toBe('shown');
    expect(await runLoop()).toEqual([]);
  });

  it('that is gone meanwhile gets the words of a failure', async () => {
    const { repository } = await addRepository();
    const commit = 'd'.repeat(40) as CommitSha;
    await studio.parts.store.checkRequests.request(headOf(repository, commit, undefined));
    const [, done] = await runLoop();
    expect(done?.check).toMatchObject({ conclusion: 'failure' });
    expect(done?.check?.title).toContain('ddddddd');
  });
});

describe('a head that waits for its check', () => {
  it('is not packed where our credentials may not set checks or statuses', async () => {
    const { repository, name } = await addRepository();
    const commit = studio.commit(repository.slug, packageFiles(name, '1.2.0'));
    await studio.parts.store.checkRequests.request(headOf(repository, commit, undefined));
    expect(await runLoop({ begin: async () => 'not-permitted' })).toEqual([]);
    expect(await studio.parts.store.checkRequests.findLastOutcome()).toBe('not-permitted');
    const overview = await studio.operations.describeOverview();
    expect(overview.waitsForPerson.join()).toContain('may write neither checks nor statuses');
  });

  it('waits while something is published, and is retried when GitHub is down', async () => {
    const { repository, name } = await addRepository();
    const commit = studio.commit(repository.slug, packageFiles(name, '1.3.0'));
    const { checkRequests } = studio.parts.store;
    await checkRequests.request(headOf(repository, commit, undefined));
    expect(await runLoop({}, () => true)).toEqual([]);
    expect(await checkRequests.findDue()).toMatchObject({ commit, tries: 0 });
    const begin = async () => Promise.reject(new Outage('git-host', 'down', 'HTTP 502'));
    expect(await runLoop({ begin })).toEqual([]);
    expect(await checkRequests.findDue()).toBeUndefined();
    await checkRequests.postpone({ repositoryId: repository.id, commit }, 0);
    const [, done] = await runLoop();
    expect(done?.check).toMatchObject({
      conclusion: 'success',
      title: `would publish ${name} 1.3.0 (latest)`,
    });
  });
});

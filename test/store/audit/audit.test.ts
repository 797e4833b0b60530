import { describe, expect, it } from 'vitest';
import { failure } from '../../../src/domain/failure/failure.ts';
import { blankResult, failed } from '../../../src/domain/job/package-result.ts';
import type { Job } from '../../../src/domain/job/report.ts';
import type { CommitSha, RepositoryId, Slug } from '../../../src/domain/repository/repository.ts';
import type { AuditEntry } from '../../../src/ports/audit.ts';
import { claimJob, dispatchOf } from '../queued-job.ts';
import { now, store, useStillStore } from '../still-store.ts';

const one = 1 as RepositoryId;
const commit = 'a'.repeat(40) as CommitSha;

useStillStore({ 'studio/one': 'active' });

const accept = async (extra: object = {}) =>
  store.queue.accept(dispatchOf(one, commit, { branch: 'main', requestedBy: 'discord:7', ...extra }));

async function finish(job: Job, status: 'published' | 'partially-failed' | 'failed'): Promise<void> {
  const end = { failure: undefined, judgedBranch: undefined, announcement: undefined };
  await store.queue.finish(job, { status, ...end });
}

/** Returns what `work` added to the trail, oldest first. */
async function trailOf(work: () => Promise<unknown>): Promise<readonly AuditEntry[]> {
  const before = (await store.audit.list(1_000)).length;
  await work();
  return (await store.audit.list(1_000)).toReversed().slice(before);
}

const brief = ({ action, actor, subject }: AuditEntry): string => `${action} ${subject} by ${actor}`;

describe('the audit trail of jobs', () => {
  it('contains a job from who asked for it to the result of each package', async () => {
    const trail = await trailOf(async () => {
      await accept({ allowLower: true });
      await accept();
      const job = await claimJob(store.queue);
      const fine = { ...blankResult('com.studio.a', 'a', 'published'), version: '1.0.0', distTag: 'latest' };
      const bad = failed(
        { ...blankResult('com.studio.b', 'b', 'failed'), version: '2.0.0' },
        failure('pack-failed', { problem: 'x' }),
      );
      await store.jobLog.savePackages(job, [
        fine,
        bad,
        { ...blankResult('com.studio.c', 'c', 'withdrawn'), version: '3.0.0' },
        blankResult('com.studio.d', 'd', 'unchanged'),
      ]);
      await finish(job, 'partially-failed');
    });
    expect(trail.map(brief)).toEqual([
      'dispatch-accepted #1 by discord:7',
      'dispatch-duplicate #1 by discord:7',
      'job-started #1 by publisher',
      'package-published com.studio.a@1.0.0 by discord:7',
      'package-failed com.studio.b@2.0.0 by discord:7',
      'package-withdrawn com.studio.c@3.0.0 by discord:7',
      'job-finished #1 by publisher',
    ]);
    expect(trail[0]?.facts).toMatchObject({ commit, branch: 'main', allowLower: true });
    expect(trail[1]?.facts).not.toHaveProperty('allowLower');
    expect(trail[3]?.facts).toEqual({ job: 1, repository: 'studio/one', path: 'a', distTag: 'latest' });
    expect(trail[4]?.facts).toMatchObject({ reason: 'pack-failed' });
  });

  it('contains every way in which a job is given back, resumed, recovered, retried and cancelled', async () => {
    const trail = await trailOf(async () => {
      await accept();
      const parked = { kind: 'parked', neighbour: 'registry', outage: 'down', detail: 'HTTP 503' } as const;
      await store.queue.giveBack(await claimJob(store.queue), parked);
      await store.keeper.resume('registry');
      await store.keeper.resume('registry');
      await store.queue.giveBack(await claimJob(store.queue), { kind: 'retry', notBefore: now });
      await store.queue.giveBack(await claimJob(store.queue), { kind: 'visibility', notBefore: now });
      await store.queue.giveBack(await claimJob(store.queue), { kind: 'released' });
      await claimJob(store.queue);
      await store.keeper.recover(3);
      await finish(await claimJob(store.queue), 'failed');
      await store.retries.retry(1, 'discord:8');
      await store.keeper.cancelQueued(2, 'discord:9');
    });
    expect(trail.map(brief).filter((line) => !line.startsWith('job-started'))).toEqual([
      'dispatch-accepted #1 by discord:7',
      'job-parked #1 by publisher',
      'job-resumed #1 by publisher',
      'job-postponed #1 by publisher',
      'job-awaits-registry #1 by publisher',
      'job-released #1 by publisher',
      'job-recovered #1 by publisher',
      'job-finished #1 by publisher',
      'job-retried #1 by discord:8',
      'job-queued #2 by discord:8',
      'job-cancelled #2 by discord:9',
      'job-finished #2 by publisher',
    ]);
    const facts = new Map(trail.map((entry) => [entry.action, entry.facts]));
    expect(facts.get('job-parked')).toEqual({
      attempt: 1,
      neighbour: 'registry',
      outage: 'down',
      detail: 'HTTP 503',
    });
    expect(facts.get('job-recovered')).toEqual({ crashes: 1 });
    expect(facts.get('job-queued')).toEqual({ retryOf: 1 });
  });

  it('names who removed a repository when its queued jobs are cancelled with it', async () => {
    await accept();
    const trail = await trailOf(async () => store.register.remove(one, 'discord:9'));
    expect(trail.map(brief)).toEqual([
      'job-cancelled #1 by discord:9',
      'job-finished #1 by publisher',
      'repository-removed studio/one by discord:9',
    ]);
  });

  it('contains nothing of a change that was rolled back', async () => {
    await accept();
    const job = await claimJob(store.queue);
    const before = await store.audit.list(100);
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    const end = { status: 'failed', failure: undefined, judgedBranch: undefined, announcement: cyclic };
    await expect(store.queue.finish(job, end as never)).rejects.toThrow(/circular/i);
    expect(await store.audit.list(100)).toEqual(before);
  });
});

describe('the audit trail of everything else', () => {
  it('contains changes of repositories: imported, linked, its owner learned, renamed over another one', async () => {
    const trail = await trailOf(async () => {
      const entry = { slug: 'studio/two' as Slug, status: 'active' } as const;
      expect(await store.repositories.addUnknown([entry, entry])).toBe(1);
      await store.links.findByGitHub(71, 'studio/one' as Slug);
      await store.links.findByGitHub(71, 'studio/one' as Slug);
      await store.links.confirmOwner(one, 5);
      await store.links.confirmOwner(one, 5);
      await store.links.rename(one, 'studio/two' as Slug);
    });
    expect(trail.map(brief)).toEqual([
      'repository-added studio/two by repositories-file',
      'repository-linked studio/one by github',
      'repository-linked studio/one by github',
      'repository-status studio/was-2 by github',
      'repository-renamed studio/two by github',
    ]);
    expect(trail[3]?.facts).toEqual({ from: 'active', to: 'disabled', was: 'studio/two' });
  });

  it('contains a name that got its owner, once', async () => {
    const trail = await trailOf(async () => {
      await store.ledger.claimName('com.studio.a', one, 'first-publish');
      await store.ledger.claimName('com.studio.a', one, 'packument');
    });
    expect(trail).toMatchObject([
      { action: 'owner-claimed', subject: 'com.studio.a', facts: { repository: 'studio/one' } },
    ]);
  });

  it('contains proposals: who made one, who took it, and its result', async () => {
    const trail = await trailOf(async () => {
      const id = await store.proposals.add('publish', 'discord:7', { names: [] });
      await store.proposals.take(id, 'discord:8');
      await store.proposals.take(id, 'discord:9');
      await store.proposals.close(id, 'job #4');
    });
    expect(trail.map(brief)).toEqual([
      'proposal-made proposal 1 by discord:7',
      'proposal-taken proposal 1 by discord:8',
      'proposal-closed proposal 1 by discord:8',
    ]);
    expect(trail[1]?.facts).toEqual({ kind: 'publish', askedBy: 'discord:7' });
    expect(trail[2]?.facts).toEqual({ note: 'job #4' });
  });

  it('contains pull requests that register, once each way', async () => {
    const trail = await trailOf(async () => {
      const asked = { repositoryId: one, pullRequest: 12, url: 'https://x.test/12', kind: 'add' } as const;
      await store.registrations.save({
        ...asked,
        state: 'open',
        requestedBy: 'discord:7',
        mergeAt: undefined,
      });
      await store.registrations.close(one, 'merged');
      await store.registrations.close(one, 'closed');
    });
    expect(trail.map(brief)).toEqual([
      'registration-opened studio/one by discord:7',
      'registration-merged studio/one by github',
    ]);
    expect(trail[1]?.facts).toEqual({ kind: 'add', pullRequest: 12 });
  });

  it('contains where the changelogs of published versions went', async () => {
    await accept();
    const job = await claimJob(store.queue);
    const entry = { name: 'com.studio.a', version: '1.0.0', path: 'a', commit, branch: 'main' };
    const text = { date: '2027-01-15', body: '- x', moved: [], wordedBy: 'commits', cited: [] } as const;
    await store.changelogs.save(job, [{ ...entry, ...text }]);
    await store.jobLog.savePackages(job, [
      { ...blankResult('com.studio.a', 'a', 'published'), version: '1.0.0' },
    ]);
    await finish(job, 'published');
    const ids = (await store.writeBacks.listDue(9)).map(({ id }) => id);
    const trail = await trailOf(async () => {
      await store.writeBacks.joinPullRequest(ids, 5, now);
      await store.writeBacks.joinPullRequest(ids, 5, now + 1);
      await store.writeBacks.settle(ids, 'written', 'pull request #5 was merged');
      const how = { by: 'discord:7', commit };
      await store.writeBacks.replace('com.studio.a', '1.0.0', { ...entry, ...text, body: '- y' }, how);
    });
    expect(trail.map(brief)).toEqual([
      'changelog-in-pull-request com.studio.a@1.0.0 by publisher',
      'changelog-written com.studio.a@1.0.0 by publisher',
      'changelog-regenerated com.studio.a by discord:7',
    ]);
    expect(trail[1]?.facts).toEqual({
      job: 1,
      repository: 'studio/one',
      detail: 'pull request #5 was merged',
    });
  });
});

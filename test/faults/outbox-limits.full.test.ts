import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announceJob } from '../../src/domain/announcement/announcement.ts';
import { blankResult } from '../../src/domain/job/package-result.ts';
import type { PackageResult } from '../../src/domain/job/report.ts';
import type { Slug } from '../../src/domain/repository/repository.ts';
import { buildDelivery } from '../../src/publisher/announce/deliver.ts';
import { silent, startThread, type ThreadFixture } from '../bot/thread-fixture.ts';
import { claimJob, commitOf, dispatchOf } from '../store/queued-job.ts';

const slug = 'studio/packages' as Slug;
const packagesEach = 3;
/**
 * What one package of a job may add to an announcement: its entry of 8,000 characters, without findings and warnings.
 */
const bytesOfPackage = 16_000;

let fixture: ThreadFixture;
beforeEach(async () => {
  fixture = await startThread();
  await fixture.store.repositories.addUnknown([{ slug, status: 'active' }]);
});
afterEach(async () => fixture.stop());

function resultsOf(job: number): readonly PackageResult[] {
  return Array.from({ length: packagesEach }, (_, index): PackageResult => {
    const name = `com.studio.p${index}`;
    return {
      ...blankResult(name, `Packages/${name}`, 'published'),
      version: `1.0.${job}`,
      distTag: 'latest',
      tarballBytes: 1_000,
      changelog: 'x'.repeat(8_000),
      warnings: ['the registry was slow'],
    };
  });
}

/** Ends jobs one after the other, as the process does. */
async function endJobs(count: number): Promise<void> {
  const { queue, repositories } = fixture.store;
  const repository = await repositories.findBySlug(slug);
  if (repository === undefined) throw new Error('the repository was not added');
  for (let index = 1; index <= count; index++) {
    await queue.accept(dispatchOf(repository.id, commitOf(index)));
    const job = await claimJob(queue);
    const announcement = announceJob({
      job: job.number,
      dispatchId: job.dispatchId,
      repository: slug,
      commit: job.commit,
      about: null,
      requestedBy: 'event',
      commitAuthor: undefined,
      status: 'published',
      failure: undefined,
      results: resultsOf(job.number),
      earlier: new Map(),
      durationMs: 1_000,
      finishedAt: fixture.clock.now(),
    });
    await queue.finish(job, {
      status: 'published',
      failure: undefined,
      judgedBranch: undefined,
      announcement,
    });
  }
}

/** Delivers until nothing is pending any more. */
async function deliverAll(): Promise<void> {
  const { store, clock, thread } = fixture;
  const delivery = buildDelivery({ clock, logger: silent, outbox: store.outbox, thread });
  delivery.start();
  await expect.poll(async () => store.outbox.listDue(1), { timeout: 100_000, interval: 50 }).toEqual([]);
  await delivery.stop();
}

/** Lists the jobs that the thread mentions, in its order. */
function listTold(): readonly number[] {
  return fixture
    .standing()
    .map(({ embeds }) => Number(/#(\d+)/.exec(JSON.stringify(embeds))?.[1] ?? Number.NaN));
}

describe('announcements that wait while Discord is away', () => {
  it('take one row a job, no larger than the news of its packages, and are all announced once, in order', async () => {
    const jobs = 300;
    fixture.discord.setFault(() => ({ kind: 'status', status: 503 }));
    await endJobs(jobs);
    const waiting = await fixture.store.outbox.listDue(10 * jobs);
    expect(waiting).toHaveLength(jobs);
    for (const { announcement } of waiting) {
      expect(Buffer.byteLength(JSON.stringify(announcement))).toBeLessThan(packagesEach * bytesOfPackage);
    }
    fixture.discord.setFault(undefined);
    await deliverAll();
    expect(listTold()).toEqual(Array.from({ length: jobs }, (_, index) => index + 1));
    expect(fixture.discord.violations()).toEqual([]);
  });

  it('are sent no faster than Discord allows, so that it never has to answer 429', async () => {
    const jobs = 16;
    await endJobs(jobs);
    fixture.discord.enforceRateLimits(true);
    const startedAt = performance.now();
    await deliverAll();
    // Discord allows five in five seconds.
    expect(performance.now() - startedAt).toBeGreaterThan(14_000);
    expect(listTold()).toEqual(Array.from({ length: jobs }, (_, index) => index + 1));
    expect(fixture.discord.requests().filter(({ status }) => status === 429)).toEqual([]);
  });
});

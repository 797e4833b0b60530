import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildPublishUnpublished } from '../../src/jobs/publish-unpublished.ts';
import { buildStatusSync } from '../../src/jobs/status-sync.ts';
import type { SyncFinding } from '../../src/publisher/github/status-sync.ts';
import type { PublishRequest } from '../../src/publisher/operations/operations.ts';
import { jobLine, row, summarise } from '../bot/sample-answers.ts';
import { type JobWorld, openJobWorld } from './job-world.ts';

const context = { cause: 'due', dueAt: 0, signal: new AbortController().signal } as const;
let world: JobWorld;

beforeEach(async () => {
  world = await openJobWorld(Date.parse('2026-03-10T02:00Z'));
});
afterEach(async () => world.remove());

describe('the job status-sync', () => {
  const finding = (kind: SyncFinding['kind'], detail?: string): SyncFinding => ({
    repository: 'studio/one',
    kind,
    detail,
  });
  async function sync(...found: readonly SyncFinding[]): Promise<Readonly<Record<string, number>>> {
    const { findings } = world.store();
    world.clock.skipTo(world.clock.now() + 86_400_000);
    return (await buildStatusSync({ syncStatus: async () => found, findings }).run(context)).counts;
  }
  const told = async (): Promise<readonly string[]> =>
    (await world.listAnnounced()).map((item) => (item.kind === 'monitoring-notice' ? item.title : item.kind));

  it('announces a finding for a person once, however long it lasts, and again when it comes back', async () => {
    const gone = finding('no-access', 'GitHub answered 404 for studio/one with a-secret');
    expect(await sync(gone)).toEqual({ looked: 1, 'no access': 1 });
    await sync(gone);
    expect(await told()).toEqual(['GitHub answered 404 for studio/one with ***']);
    await sync(finding('as-registered'));
    await sync(gone);
    expect(await told()).toHaveLength(2);
  });

  it('announces nothing again after an outage, and no finding that needs nobody', async () => {
    const outdated = finding('dispatcher-outdated', 'Its dispatcher differs');
    await sync(outdated);
    await sync(finding('unknown', 'HTTP 503'));
    await sync(outdated);
    await sync(finding('dispatcher-missing'));
    await sync(finding('renamed', 'renamed from studio/old'));
    expect(await told()).toEqual(['Its dispatcher differs']);
  });
});

describe('the job publish-unpublished', () => {
  it('asks for what no waiting or failed job explains, each package by its name', async () => {
    const requests: PublishRequest[] = [];
    const rows = [
      row('com.studio.a', 'ahead'),
      row('com.studio.failed', 'ahead'),
      row('com.studio.older', 'ahead'),
      row('com.studio.waiting', 'never-published', { repository: 'studio/busy' }),
      row('com.studio.unknown', 'unknown'),
    ];
    const line = (version: string) => ({ ...jobLine(7), version, outcome: 'failed' });
    const job = buildPublishUnpublished({
      operations: {
        listDrift: async () => ({ kind: 'drift', rows, summary: summarise(rows), checkedAt: undefined }),
        requestPublish: async (request) => {
          requests.push(request);
          return {
            kind: 'queued',
            job: 8,
            dispatchId: 'd',
            repository: 'studio/one',
            commit: '0',
            status: 'queued',
            position: 1,
            duplicate: false,
          };
        },
      },
      history: {
        listJobs: async () => [jobLine(9, { repository: 'studio/busy', status: 'queued' }), jobLine(8)],
        listPublishes: async (name) =>
          name === 'com.studio.failed' ? [line('1.2.0')] : name === 'com.studio.older' ? [line('1.1.0')] : [],
      },
    });
    expect((await job.run(context)).counts).toEqual({ unpublished: 4, queued: 2 });
    expect(requests.map(({ target, by }) => [target, by])).toEqual([
      [{ kind: 'package', name: 'com.studio.a' }, 'job:publish-unpublished'],
      [{ kind: 'package', name: 'com.studio.older' }, 'job:publish-unpublished'],
    ]);
  });
});

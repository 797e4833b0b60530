import { describe, expect, it } from 'vitest';
import { announceJob, type FinishedJob, type JobFinished } from '../../src/domain/announcement.ts';
import { failure } from '../../src/domain/failure.ts';
import { blankResult, failed, held } from '../../src/domain/package-result.ts';
import type { PackageResult } from '../../src/domain/report.ts';

function announce(results: readonly PackageResult[], more: Partial<FinishedJob> = {}): JobFinished {
  const announcement = announceJob({
    job: 12,
    dispatchId: 'dispatch',
    repository: 'studio/packages',
    commit: '0123456789abcdef0123456789abcdef01234567',
    about: { subject: 'Release', author: 'Ada', branch: 'main' },
    requestedBy: 'event',
    commitAuthor: undefined,
    status: 'failed',
    failure: undefined,
    results,
    durationMs: 1,
    finishedAt: 1,
    ...more,
  });
  if (announcement.kind !== 'job-finished') throw new Error(announcement.kind);
  return announcement;
}

const broken = (name: string): PackageResult =>
  failed(blankResult(name, name, 'not-attempted'), failure('registry-forbidden', { name, detail: 'no' }));
const waiting = (name: string, dependency: string): PackageResult =>
  held(blankResult(name, name, 'not-attempted'), dependency);

describe('the end of a job', () => {
  it('names the package at the root of those that are held, not the held one between', () => {
    const results = [
      broken('core'),
      waiting('ui', 'core'),
      waiting('menu', 'ui'),
      broken('net'),
      waiting('http', 'net'),
    ];
    expect(announce(results).held).toEqual([
      { by: 'core', names: ['ui', 'menu'] },
      { by: 'net', names: ['http'] },
    ]);
  });

  it('comes to an end for packages that hold each other', () => {
    const { held: groups } = announce([waiting('a', 'b'), waiting('b', 'a')]);
    expect(groups.flatMap(({ names }) => names).toSorted()).toEqual(['a', 'b']);
  });

  it('names the pusher of the dispatch before the author of the commit', () => {
    expect(announce([]).pusher).toBe('Ada');
    expect(announce([], { commitAuthor: 'octocat' }).pusher).toBe('octocat');
    expect(announce([], { about: null }).pusher).toBeNull();
  });

  it('says who cancelled it', () => {
    const cancelled = { status: 'cancelled', failure: failure('cancelled', { by: 'discord:1' }) } as const;
    expect(announce([], cancelled).cancelledBy).toBe('discord:1');
    expect(announce([]).cancelledBy).toBeNull();
  });
});

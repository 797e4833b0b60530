import { describe, expect, it } from 'vitest';
import {
  announceJob,
  type FinishedJob,
  type JobFinished,
} from '../../../src/domain/announcement/announcement.ts';
import { failure } from '../../../src/domain/failure/failure.ts';
import { blankResult, failed, held } from '../../../src/domain/job/package-result.ts';
import type { PackageResult } from '../../../src/domain/job/report.ts';

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
    earlier: new Map(),
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
  held(blankResult(name, name, 'not-attempted'), {
    branch: 'main',
    awaits: [{ name: dependency, version: '1.0.0' }],
  });

describe('the announcement of a job’s end', () => {
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

  it('names the version that is waited for when no package of the job failed', () => {
    const results = [waiting('ui', 'core'), waiting('menu', 'ui')];
    expect(announce(results).held).toEqual([{ by: 'core', version: '1.0.0', names: ['ui', 'menu'] }]);
  });

  it('ends for packages that hold each other', () => {
    const { held: groups } = announce([waiting('a', 'b'), waiting('b', 'a')]);
    expect(groups.flatMap(({ names }) => names).toSorted()).toEqual(['a', 'b']);
  });

  it('names the pusher of the dispatch rather than the author of the commit', () => {
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

describe('what was announced before', () => {
  const published = (warnings: readonly string[]): PackageResult => ({
    ...blankResult('com.studio.a', 'a', 'published'),
    version: '1.0.0',
    warnings,
  });
  const excluded = (note: string): PackageResult => ({
    ...blankResult('com.elsewhere.b', 'b', 'excluded'),
    note,
  });
  const knowing = (...results: readonly PackageResult[]) => ({
    earlier: new Map(results.map((result) => [result.path, result])),
  });
  const warningsOf = (ended: JobFinished): readonly (readonly string[])[] =>
    ended.packages.map(({ warnings }) => warnings);

  it('is not announced again: a message has only new warnings, and the report keeps them all', () => {
    const now = published(['old', 'new']);
    expect(warningsOf(announce([now]))).toEqual([['old', 'new']]);
    expect(warningsOf(announce([now], knowing(published(['old']))))).toEqual([['new']]);
    expect(warningsOf(announce([now], knowing(published(['old', 'new']))))).toEqual([[]]);
    expect(now.warnings).toEqual(['old', 'new']);
  });

  it('covers a repair of the same file, even if the missing GUID has become known since', () => {
    const repaired = (subject?: string): PackageResult => ({
      ...published([]),
      findings: [
        {
          rule: 'meta.missing',
          severity: 'warn',
          file: 'Runtime/A.cs',
          message: 'Runtime/A.cs has no Runtime/A.cs.meta',
          loweredBy: 'repair',
          ...(subject === undefined ? {} : { subject }),
        },
      ],
    });
    const findings = (ended: JobFinished): number => ended.packages[0]?.findings.length ?? 0;
    expect(findings(announce([repaired('a'.repeat(32))]))).toBe(1);
    expect(findings(announce([repaired('a'.repeat(32))], knowing(repaired())))).toBe(0);
  });

  it('covers an exclusion until its reason changes', () => {
    const names = (ended: JobFinished): readonly string[] => ended.packages.map(({ name }) => name);
    const now = excluded('It is marked "private"');
    expect(names(announce([now]))).toEqual(['com.elsewhere.b']);
    expect(names(announce([now], knowing(now)))).toEqual([]);
    expect(names(announce([now], knowing(excluded('Its name is outside the scopes'))))).toEqual([
      'com.elsewhere.b',
    ]);
    expect(announce([now], knowing(now)).counts).toEqual({ excluded: 1 });
  });
});

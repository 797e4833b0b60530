import { describe, expect, it } from 'vitest';
import { failure } from '../../../src/domain/failure/failure.ts';
import { type GiveBack, spendsAttempt } from '../../../src/domain/job/give-back.ts';
import { sortJudged } from '../../../src/domain/job/open-packages.ts';
import { blankResult, deriveFailedStatus, restoreResult } from '../../../src/domain/job/package-result.ts';
import { coversRequest, findCrashFailure } from '../../../src/domain/job/queue-rules.ts';
import type { JobStatus, PackageResult, PackageState } from '../../../src/domain/job/report.ts';

describe('the newest job of a dispatch', () => {
  const cases: readonly (readonly [JobStatus, boolean, boolean, boolean])[] = [
    ['queued', false, false, true],
    ['running', false, false, true],
    ['published', false, false, true],
    ['failed', false, false, false],
    ['partially-failed', false, false, false],
    ['nothing-to-publish', false, false, false],
    ['queued', false, true, false],
    ['queued', true, true, true],
    ['published', true, true, false],
  ];
  it.each(cases)('that is %s (of everything: %s) covers a request for everything (%s): %s', (...row) => {
    const [status, everything, isForAll, isCovered] = row;
    expect(coversRequest({ status, everything }, { everything: isForAll })).toBe(isCovered);
  });

  it('fails once the process has died too often while it ran', () => {
    expect(findCrashFailure(2, 3)).toBeUndefined();
    expect(findCrashFailure(3, 3)).toMatchObject({ reason: 'interrupted-by-restart', facts: { crashes: 3 } });
  });
});

describe('an attempt of a job', () => {
  const ways: readonly (readonly [GiveBack, boolean])[] = [
    [{ kind: 'retry', notBefore: 1 }, true],
    [{ kind: 'visibility', notBefore: 1 }, false],
    [{ kind: 'parked', neighbour: 'disk', outage: 'down', detail: '' }, false],
    [{ kind: 'released' }, false],
    [{ kind: 'gave-way', to: [1] }, false],
  ];
  it.each(ways)('given back as %o counts: %s', (how, counts) => {
    expect(spendsAttempt(how)).toBe(counts);
  });
});

describe('a job that ends with its own failure', () => {
  const published = blankResult('a', 'a', 'published');
  const crashed = failure('interrupted-by-restart', { crashes: 3 });
  it('is cancelled when somebody cancelled it, partially failed when it published something, and else failed', () => {
    expect(deriveFailedStatus(failure('cancelled', { by: 'x' }), [published])).toBe('cancelled');
    expect(deriveFailedStatus(crashed, [published])).toBe('partially-failed');
    expect(deriveFailedStatus(crashed, [])).toBe('failed');
  });
});

describe('a stored result', () => {
  it('is restored with what JSON leaves out, and keeps what it says', () => {
    const stored = { ...blankResult('a', 'b', 'failed'), note: 'why', warnings: ['one'] };
    const kept = JSON.parse(JSON.stringify(stored)) as PackageResult;
    expect(Object.keys(kept)).not.toContain('version');
    expect(restoreResult(kept)).toStrictEqual(stored);
  });
});

describe('the packages that a job leaves open', () => {
  const stored = (path: string, state: PackageState) => ({
    path,
    state,
    read: () => blankResult(path, path, state),
  });
  const all = [stored('f', 'failed'), stored('n', 'not-attempted'), stored('p', 'published')];

  it('are those that failed, are held or were not attempted, while unchanged ones are not decided', () => {
    const { open, through, unchanged } = sortJudged('live', [...all, stored('u', 'unchanged')], []);
    expect(open.map(({ path }) => path)).toEqual(['f', 'n']);
    expect(through).toEqual(['p']);
    expect(unchanged).toEqual(new Set(['u']));
  });

  it('do not include what shadow mode left to another publisher', () => {
    expect(sortJudged('shadow', all, []).open.map(({ path }) => path)).toEqual(['f']);
  });

  it('include what failed again as before, though it is stored as unchanged', () => {
    const again = blankResult('u', 'u', 'failed');
    const { open, unchanged } = sortJudged('live', [stored('u', 'unchanged')], [again]);
    expect(open).toEqual([again]);
    expect(unchanged.size).toBe(0);
  });
});

import { expect, it } from 'vitest';
import { failure, renderFailure } from '../../../src/domain/failure/failure.ts';
import { blankResult, failed } from '../../../src/domain/job/package-result.ts';
import type { PackageState } from '../../../src/domain/job/report.ts';
import { judgeHold, type OpenHold } from '../../../src/domain/package/hold-ending.ts';

const hold: OpenHold = { name: 'com.a', version: '1.0.0', branch: 'main', releasedTo: undefined };
const ofVersion = (version: string, state: PackageState) => ({
  ...blankResult('com.a', 'a', state),
  version,
  note: 'why',
});
const job = { number: 7, isCancelled: false, results: [], branch: 'main' };

it.each([
  ['published', { outcome: 'published' }],
  ['skipped', { outcome: 'passed', detail: 'why' }],
  ['excluded', { outcome: 'passed', detail: 'why' }],
  ['failed', { outcome: 'failed', detail: 'why' }],
  ['withdrawn', { outcome: 'failed', detail: 'why' }],
  ['held', undefined],
  ['not-attempted', undefined],
] as const)('a job in which the held version is %s ends the hold with %o', (state, ending) => {
  expect(judgeHold(hold, { ...job, results: [ofVersion('1.0.0', state)] })).toEqual(ending);
});

it('a hold that failed has the failure’s title as its reason', () => {
  const why = failure('name-invalid', { name: 'com.a', problem: 'bad' });
  const ending = judgeHold(hold, { ...job, results: [failed(ofVersion('1.0.0', 'failed'), why)] });
  expect(ending).toEqual({ outcome: 'failed', detail: renderFailure(why).title });
});

it('a higher version from the same branch ends the hold, one from another branch does not', () => {
  const results = [ofVersion('1.1.0', 'published')];
  const detail = '1.1.0 was published while it waited';
  expect(judgeHold(hold, { ...job, results })).toEqual({ outcome: 'passed', detail });
  expect(judgeHold(hold, { ...job, results, branch: 'old' })).toBeUndefined();
  expect(judgeHold(hold, { ...job, results: [ofVersion('0.9.0', 'published')] })).toBeUndefined();
});

it('the job that was queued for a hold ends it with any result, no other job does', () => {
  const released = { ...hold, releasedTo: 7 };
  expect(judgeHold(released, job)).toEqual({ outcome: 'failed' });
  expect(judgeHold(released, { ...job, isCancelled: true })).toEqual({ outcome: 'cancelled' });
  expect(judgeHold({ ...hold, releasedTo: 8 }, job)).toBeUndefined();
});

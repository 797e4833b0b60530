import { validate } from 'node-cron';
import { describe, expect, it } from 'vitest';
import { parseCron } from '../../../src/domain/schedule/cron-schedule.ts';
import { scheduledJobNames, scheduledJobs } from '../../../src/domain/schedule/scheduled-jobs.ts';

describe('a cron schedule', () => {
  it('is read field by field, with lists, ranges, steps and names', () => {
    expect(parseCron('5,35 8-18/5 1,15 jan-mar,DEC mon-FRI')).toEqual({
      minutes: [5, 35],
      hours: [8, 13, 18],
      daysOfMonth: [1, 15],
      months: [1, 2, 3, 12],
      daysOfWeek: [1, 2, 3, 4, 5],
      isEitherDay: true,
      isEveryHour: false,
    });
  });

  it('begins the week on Sunday, which is 0 and 7', () => {
    for (const sunday of ['0', '7', 'sun', 'Sun']) {
      expect(parseCron(`0 0 * * ${sunday}`)?.daysOfWeek).toEqual([0]);
    }
    expect(parseCron('0 0 * * 5-7')?.daysOfWeek).toEqual([0, 5, 6]);
  });

  it('matches either of the two day fields when neither begins with a star, and both otherwise', () => {
    expect(parseCron('0 0 13 * fri')?.isEitherDay).toBe(true);
    expect(parseCron('0 0 13 * *')?.isEitherDay).toBe(false);
    expect(parseCron('0 0 */2 * fri')?.isEitherDay).toBe(false);
  });

  it('counts as every hour when no hour is left out, however that is written', () => {
    expect(parseCron('*/5 * * * *')?.isEveryHour).toBe(true);
    expect(parseCron('0 0-23 * * *')?.isEveryHour).toBe(true);
    expect(parseCron('0 */2 * * *')?.isEveryHour).toBe(false);
  });

  it.each([
    '',
    'off',
    '@daily',
    '* * * *',
    '0 * * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * 32 * *',
    '* * * 13 *',
    '* * * * 8',
    '5-1 * * * *',
    '*/0 * * * *',
    '5/10 * * * *',
    '1-2-3 * * * *',
    '1,,2 * * * *',
    '-1 * * * *',
    '1.5 * * * *',
    '* * * foo *',
    'jan * * * *',
    '0 0 31 2,4 *',
    `0${',0'.repeat(200)} * * * *`,
  ])('is not %j', (text) => {
    expect(parseCron(text)).toBeUndefined();
  });

  it('may name 29 February, which exists in one year of four', () => {
    expect(parseCron('0 0 29 2 *')).toBeDefined();
  });

  it.each(scheduledJobNames)('of the job %s is valid for this program and for the cron library', (name) => {
    const { schedule, scheduleWhenOn } = { scheduleWhenOn: undefined, ...scheduledJobs[name] };
    const text = scheduleWhenOn ?? schedule;
    expect(parseCron(text)).toBeDefined();
    expect(validate(text)).toBe(true);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CronSchedule, parseCron } from '../../../src/domain/schedule/cron-schedule.ts';
import { findNextDue, findPassedDue } from '../../../src/domain/schedule/due-times.ts';
import { isTimeZone } from '../../../src/domain/schedule/time-zone.ts';

function cron(text: string): CronSchedule {
  const schedule = parseCron(text);
  if (schedule === undefined) throw new Error(text);
  return schedule;
}

const at = (iso: string): number => Date.parse(iso);
const iso = (time: number | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString().slice(0, 16);

function listNext(text: string, zone: string, after: string, count: number): readonly (string | undefined)[] {
  const times: number[] = [];
  let last: number | undefined = at(after);
  for (let index = 0; index < count && last !== undefined; index++) {
    last = findNextDue(cron(text), zone, last);
    if (last !== undefined) times.push(last);
  }
  return times.map(iso);
}

describe('the next due time', () => {
  it('is the next minute that fits, never the present one', () => {
    expect(listNext('30 6 * * *', 'UTC', '2026-01-31T06:30Z', 2)).toEqual([
      '2026-02-01T06:30',
      '2026-02-02T06:30',
    ]);
    expect(listNext('30 6 * * *', 'UTC', '2026-01-31T06:29:59.999Z', 1)).toEqual(['2026-01-31T06:30']);
  });

  it('follows the clock changes of the zone', () => {
    expect(listNext('0 2 * * *', 'Europe/Berlin', '2026-01-10T00:00Z', 1)).toEqual(['2026-01-10T01:00']);
    expect(listNext('0 2 * * *', 'Europe/Berlin', '2026-07-10T00:00Z', 1)).toEqual(['2026-07-11T00:00']);
  });

  it('fits the 13th or a Friday when both are named, and the 13th alone otherwise', () => {
    expect(listNext('0 0 13 * fri', 'UTC', '2026-02-07T00:00Z', 3)).toEqual([
      '2026-02-13T00:00',
      '2026-02-20T00:00',
      '2026-02-27T00:00',
    ]);
    expect(listNext('0 0 13 * *', 'UTC', '2026-02-07T00:00Z', 2)).toEqual([
      '2026-02-13T00:00',
      '2026-03-13T00:00',
    ]);
  });

  it('waits for a 29 February beyond the turn of a century', () => {
    expect(listNext('0 0 29 2 *', 'UTC', '2096-03-01T00:00Z', 1)).toEqual(['2104-02-29T00:00']);
  });

  it('comes once right after a gap that contains it, however many due times are in the gap', () => {
    // In Berlin, 02:00 to 03:00 does not exist on 29 March 2026.
    expect(listNext('15,45 2 * * *', 'Europe/Berlin', '2026-03-28T12:00Z', 3)).toEqual([
      '2026-03-29T01:00',
      '2026-03-30T00:15',
      '2026-03-30T00:45',
    ]);
    // On Lord Howe, half an hour does not exist on 4 October 2026: 02:00 to 02:30.
    expect(listNext('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00Z', 1)).toEqual([
      '2026-10-03T15:30',
    ]);
  });

  it('comes once when clocks show a time twice, unless the schedule is hourly', () => {
    // In Berlin, 02:00 to 03:00 comes twice on 25 October 2026.
    expect(listNext('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00Z', 2)).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
    expect(listNext('30 * * * *', 'Europe/Berlin', '2026-10-24T23:45Z', 3)).toEqual([
      '2026-10-25T00:30',
      '2026-10-25T01:30',
      '2026-10-25T02:30',
    ]);
  });

  it('comes on the next day when a country skipped its day', () => {
    // Samoa had no 30 December 2011.
    expect(listNext('0 12 30 12 *', 'Pacific/Apia', '2011-12-20T00:00Z', 1)).toEqual(['2011-12-30T10:00']);
  });

  it('is, after an absence, the last of those that passed, however many there were', () => {
    const daily = cron('0 2 * * *');
    const now = at('2026-03-20T12:00Z');
    expect(iso(findPassedDue(daily, 'UTC', at('2026-03-10T02:00Z'), now))).toBe('2026-03-20T02:00');
    expect(findPassedDue(daily, 'UTC', at('2026-03-20T02:00Z'), now)).toBeUndefined();
    expect(iso(findPassedDue(daily, 'UTC', at('2026-03-20T01:59Z'), at('2026-03-20T02:00Z')))).toBe(
      '2026-03-20T02:00',
    );
  });
});

/** Computes due times minute by minute from the local time: slow, but without any arithmetic on offsets. */
function listByWatching(schedule: CronSchedule, zone: string, from: number, to: number): readonly number[] {
  const due: number[] = [];
  const seen = new Set<number>();
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const shown = (time: number): number => {
    const [day, month, year, hour, minute] = format.format(time).split(/\D+/).map(Number);
    return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute);
  };
  // The first hours only record which local times were shown before.
  const start = from - 3 * 3_600_000;
  let previous = shown(start - 60_000);
  for (let time = start; time <= to; time += 60_000) {
    const now = shown(time);
    const isAgain = seen.has(now);
    seen.add(now);
    let isDue = fits(schedule, now) && (!isAgain || schedule.isEveryHour);
    for (let left = previous + 60_000; left < now; left += 60_000) isDue ||= fits(schedule, left);
    if (isDue && time > from) due.push(time);
    previous = now;
  }
  return due;
}

function fits(schedule: CronSchedule, shown: number): boolean {
  const date = new Date(shown);
  const isMonthDay = schedule.daysOfMonth.includes(date.getUTCDate());
  const isWeekday = schedule.daysOfWeek.includes(date.getUTCDay());
  return (
    schedule.minutes.includes(date.getUTCMinutes()) &&
    schedule.hours.includes(date.getUTCHours()) &&
    schedule.months.includes(date.getUTCMonth() + 1) &&
    (schedule.isEitherDay ? isMonthDay || isWeekday : isMonthDay && isWeekday)
  );
}

/** Days on which clocks change, and one on which they do not. */
const days: Readonly<Record<string, readonly string[]>> = {
  UTC: ['2026-03-29'],
  'Europe/Berlin': ['2026-03-29', '2026-10-25', '2026-06-01'],
  'America/New_York': ['2026-03-08', '2026-11-01'],
  'Australia/Lord_Howe': ['2026-04-04', '2026-10-03'],
  'Africa/Casablanca': ['2026-02-15', '2026-03-22'],
  'America/Santiago': ['2026-04-04', '2026-09-06'],
};

const field = (min: number, max: number): fc.Arbitrary<string> => {
  const value = fc.integer({ min, max });
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant('*') },
    { weight: 2, arbitrary: value.map(String) },
    range,
    fc
      .tuple(fc.oneof(fc.constant('*'), range), fc.integer({ min: 1, max: 20 }))
      .map((item) => item.join('/')),
    fc.array(value, { minLength: 2, maxLength: 4 }).map((item) => item.join(',')),
  );
};

const texts = fc
  .tuple(
    field(0, 59),
    fc.oneof(field(0, 23), fc.integer({ min: 0, max: 3 }).map(String)),
    field(1, 31),
    fc.constant('*'),
    field(0, 7),
  )
  .map((fields) => fields.join(' '));

const places = fc.constantFrom(
  ...Object.entries(days).flatMap(([zone, list]) => list.map((day) => ({ zone, day }))),
);

const mostCompared = 200;

describe('the due times around a change of the clocks', () => {
  it('are those that somebody with a wall clock would write down, forwards and backwards', () => {
    const property = fc.property(texts, places, fc.integer({ min: -36, max: 36 }), (text, place, hours) => {
      const schedule = cron(text);
      const from = at(`${place.day}T00:00Z`) + hours * 3_600_000;
      const to = from + 30 * 3_600_000;
      const expected = listByWatching(schedule, place.zone, from, to);
      const found: number[] = [];
      for (
        let next = findNextDue(schedule, place.zone, from);
        next !== undefined && next <= to;
        next = findNextDue(schedule, place.zone, next)
      ) {
        found.push(next);
        if (found.length === mostCompared) break;
      }
      expect(found).toEqual(expected.slice(0, mostCompared));
      expect(findPassedDue(schedule, place.zone, from, to)).toBe(expected.at(-1));
    });
    fc.assert(property, { numRuns: 60 });
  });
});

describe('a time zone', () => {
  it('is one that this machine knows by name', () => {
    expect(['UTC', 'Europe/Berlin', 'Africa/Casablanca'].every(isTimeZone)).toBe(true);
    expect(['', 'Europe/Atlantis', '+02:00', '../etc', 'UTC '].some(isTimeZone)).toBe(false);
  });
});

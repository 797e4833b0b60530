import type { CronSchedule } from './cron-schedule.ts';
import { dayMs, hourMs, type LocalTime, localTimeAt, minuteMs, offsetAt } from './time-zone.ts';

/** How many days are searched: from one 29 February to the next, over a century without one. */
const longestWaitDays = 8 * 366 + 2;
/** More than any zone is away from UTC, and less than the time between two changes of a clock. */
const aroundMs = 2 * dayMs;

/**
 * Returns the first due time after `after`, in epoch milliseconds. A time in an hour that the clock leaves out is due
 * right after that hour. In an hour that the clock shows twice, a schedule with hours is due the first time only; an
 * hourly schedule follows the minutes that pass.
 */
export function findNextDue(schedule: CronSchedule, zone: string, after: number): number | undefined {
  const first = dayOf(localTimeAt(zone, after)) - dayMs;
  for (let day = 0; day < longestWaitDays; day++) {
    const due = listDueOf(schedule, zone, first + day * dayMs).find((time) => time > after);
    if (due !== undefined) return due;
  }
  return undefined;
}

/**
 * Returns the last due time after `since`, up to and including `now`; undefined when none passed. All missed due times
 * count as one.
 */
export function findPassedDue(
  schedule: CronSchedule,
  zone: string,
  since: number,
  now: number,
): number | undefined {
  const earliest = dayOf(localTimeAt(zone, since)) - dayMs;
  for (let day = dayOf(localTimeAt(zone, now)) + dayMs; day >= earliest; day -= dayMs) {
    const due = listDueOf(schedule, zone, day).findLast((time) => time <= now);
    if (due !== undefined) return due > since ? due : undefined;
  }
  return undefined;
}

function dayOf(time: LocalTime): LocalTime {
  return Math.floor(time / dayMs) * dayMs;
}

/** Lists the due times of one day, in order. */
function listDueOf(schedule: CronSchedule, zone: string, day: LocalTime): readonly number[] {
  if (!isDay(schedule, day)) return [];
  const change = findChange(zone, day - aroundMs, day + dayMs + aroundMs);
  const times = schedule.hours.flatMap((hour) =>
    schedule.minutes.flatMap((minute) => {
      const shown = toInstants(day + hour * hourMs + minute * minuteMs, change);
      return schedule.isEveryHour ? shown : shown.slice(0, 1);
    }),
  );
  return [...new Set(times)].sort((a, b) => a - b);
}

function isDay({ daysOfMonth, months, daysOfWeek, isEitherDay }: CronSchedule, day: LocalTime): boolean {
  const date = new Date(day);
  if (!months.includes(date.getUTCMonth() + 1)) return false;
  const isMonthDay = daysOfMonth.includes(date.getUTCDate());
  const isWeekday = daysOfWeek.includes(date.getUTCDay());
  return isEitherDay ? isMonthDay || isWeekday : isMonthDay && isWeekday;
}

interface Change {
  /** The first minute of the new offset; the minute before had the old offset. */
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Returns when clocks show this time: once, twice, or not at all; in the last case it returns the moment of the change
 * that leaves it out.
 */
function toInstants(time: LocalTime, { at, before, after }: Change): readonly number[] {
  const early = time - before;
  const late = time - after;
  const shown = [...(early < at ? [early] : []), ...(late >= at ? [late] : [])];
  return shown.length === 0 ? [at] : shown;
}

/** Finds the change of the clocks between two times; without one, returns a change that changes nothing. */
function findChange(zone: string, from: number, to: number): Change {
  const before = offsetAt(zone, from);
  const after = offsetAt(zone, to);
  let early = Math.floor(from / minuteMs);
  let late = Math.floor(to / minuteMs);
  while (before !== after && late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (offsetAt(zone, middle * minuteMs) === before) early = middle;
    else late = middle;
  }
  return { at: late * minuteMs, before, after };
}

/** A five-field schedule as in crontab(5): minute, hour, day of month, month, day of week. */
export interface CronSchedule {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[];
  /** 1 is January. */
  readonly months: readonly number[];
  /** 0 is Sunday. */
  readonly daysOfWeek: readonly number[];
  /**
   * True when neither field of days begins with `*`: then it is enough that one of them matches, else both must match.
   */
  readonly isEitherDay: boolean;
  /** True when the schedule follows the minutes as they pass, and not the hours of the day. */
  readonly isEveryHour: boolean;
}

interface Field {
  readonly min: number;
  readonly max: number;
  /** Names of `min` and of the values that follow it. */
  readonly names: readonly string[];
}

const minute: Field = { min: 0, max: 59, names: [] };
const hour: Field = { min: 0, max: 23, names: [] };
const dayOfMonth: Field = { min: 1, max: 31, names: [] };
const month: Field = {
  min: 1,
  max: 12,
  names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
};
/** Sunday is both 0 and 7. */
const dayOfWeek: Field = { min: 0, max: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] };

const fields = [minute, hour, dayOfMonth, month, dayOfWeek] as const;
const longestText = 200;
const mostDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Parses a schedule. Undefined when the text is no schedule, or when its day never comes (30 February). */
export function parseCron(text: string): CronSchedule | undefined {
  const texts = text.length > longestText ? [] : text.trim().split(/\s+/);
  const parsed = texts.map((item, index) => parseField(item, fields[index]));
  if (parsed.length !== fields.length || parsed.includes(undefined)) return undefined;
  const valuesOf = (index: number): readonly number[] => parsed[index] ?? [];
  const [hours, daysOfMonth, months] = [valuesOf(1), valuesOf(2), valuesOf(3)];
  const isEitherDay = [texts[2], texts[4]].every((days) => days?.startsWith('*') === false);
  if (!isEitherDay && !hasDay(daysOfMonth, months)) return undefined;
  return {
    minutes: valuesOf(0),
    hours,
    daysOfMonth,
    months,
    daysOfWeek: order(valuesOf(4).map((day) => day % 7)),
    isEitherDay,
    isEveryHour: hours.length === 24,
  };
}

/** Parses a comma list of `*`, values and ranges, with a step behind `/` for all but single values. */
function parseField(text: string, field: Field | undefined): readonly number[] | undefined {
  if (field === undefined) return undefined;
  const items = text.split(',').map((item) => parseItem(item, field));
  return items.includes(undefined) ? undefined : order(items.flatMap((values) => values ?? []));
}

function parseItem(text: string, field: Field): readonly number[] | undefined {
  const [, range = '', step] = /^([^/]+)(?:\/([1-9]\d?))?$/.exec(text) ?? [];
  const [from, to] = parseRange(range, field);
  if (from === undefined || to === undefined || from > to) return undefined;
  if (step === undefined) return count(from, to, 1);
  return range === '*' || range.includes('-') ? count(from, to, Number(step)) : undefined;
}

function parseRange(text: string, field: Field): readonly (number | undefined)[] {
  if (text === '*') return [field.min, field.max];
  const [first = '', last = first, ...rest] = text.split('-');
  return rest.length > 0 ? [] : [parseValue(first, field), parseValue(last, field)];
}

function count(from: number, to: number, step: number): readonly number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

function parseValue(text: string, { min, max, names }: Field): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return min + named;
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}

function order(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

function hasDay(daysOfMonth: readonly number[], months: readonly number[]): boolean {
  const [first = 31] = daysOfMonth;
  return months.some((item) => first <= (mostDays[item - 1] ?? 0));
}

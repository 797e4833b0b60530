export interface FoundDate {
  readonly from: number;
  readonly to: number;
  /** Writes a day (YYYY-MM-DD) the way this date is written. */
  readonly write: (day: string) => string;
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
const monthPattern = `(?:${months.map((name) => `${name.slice(0, 3)}(?:${name.slice(3)})?`).join('|')})\\.?`;

interface Shape {
  readonly pattern: RegExp;
  readonly write: (match: RegExpExecArray, parts: Parts) => string;
}

interface Parts {
  readonly year: string;
  readonly month: string;
  readonly day: string;
}

const shapes: readonly Shape[] = [
  {
    pattern: /\b\d{4}([-/.])\d{1,2}\1\d{1,2}\b/,
    write: ([, mark = '-'], { year, month, day }) => [year, month, day].join(mark),
  },
  {
    // Only a first number above 12 shows that the day comes first; dates with points are European.
    pattern: /\b(\d{1,2})([/.-])(\d{1,2})\2(\d{4})\b/,
    write: ([, first = '', mark = '/'], { year, month, day }) =>
      (mark === '.' || Number(first) > 12 ? [day, month, year] : [month, day, year]).join(mark),
  },
  {
    pattern: new RegExp(`\\b(${monthPattern}) (\\d{1,2})(?:st|nd|rd|th)?(,?) (\\d{4})\\b`, 'i'),
    write: ([, month = '', , comma = ''], parts) =>
      `${nameMonth(parts, month)} ${Number(parts.day)}${comma} ${parts.year}`,
  },
  {
    pattern: new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)? (${monthPattern}),? (\\d{4})\\b`, 'i'),
    write: ([, , month = ''], parts) => `${Number(parts.day)} ${nameMonth(parts, month)} ${parts.year}`,
  },
];

/** Finds the day in a heading, in one of the ways in which people write it. */
export function findDate(text: string): FoundDate | undefined {
  for (const { pattern, write } of shapes) {
    const match = pattern.exec(text);
    if (match === null) continue;
    return {
      from: match.index,
      to: match.index + match[0].length,
      write: (written) => {
        const [year = '', month = '', day = ''] = written.split('-');
        return write(match, { year, month, day });
      },
    };
  }
  return undefined;
}

/** Returns the month's name, as long or as short as the sample. */
function nameMonth(parts: Parts, sample: string): string {
  const name = months[Number(parts.month) - 1] ?? '';
  const isShort = sample.replace('.', '').length === 3 && name !== 'May';
  return isShort ? `${name.slice(0, 3)}${sample.endsWith('.') ? '.' : ''}` : name;
}

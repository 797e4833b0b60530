/** The time that a zone's clocks show, as the epoch milliseconds at which UTC shows the same. */
export type LocalTime = number;

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the text is an IANA zone that this machine knows. */
export function isTimeZone(zone: string): boolean {
  try {
    return /^[A-Za-z]/.test(zone) && formatOf(zone) !== undefined;
  } catch {
    return false;
  }
}

/** Returns what clocks in the zone show at that moment. Throws RangeError for a zone that is not known. */
export function localTimeAt(zone: string, epochMs: number): LocalTime {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(epochMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** Returns how far the zone's clocks are ahead of UTC at that moment, in milliseconds. */
export function offsetAt(zone: string, epochMs: number): number {
  const second = Math.floor(epochMs / 1000) * 1000;
  return zone === 'UTC' ? 0 : localTimeAt(zone, second) - second;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
}

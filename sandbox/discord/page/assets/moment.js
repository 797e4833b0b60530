import { el } from './dom.js';

const day = 86_400_000;
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** Discord's timestamp styles. @type {Readonly<Record<string, Intl.DateTimeFormatOptions>>} */
const styles = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { dateStyle: 'short' },
  D: { dateStyle: 'long' },
  f: { dateStyle: 'long', timeStyle: 'short' },
  F: { dateStyle: 'full', timeStyle: 'short' },
};

/** @type {readonly [Intl.RelativeTimeFormatUnit, number][]} */
const units = [
  ['year', 365 * day],
  ['month', 30 * day],
  ['day', day],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/**
 * Words a time as in `Today at 18:40`.
 * @param {number} at epoch milliseconds
 */
export function wordMoment(at) {
  const date = new Date(at);
  const time = clock.format(date);
  const days = Math.round((startOfDay(new Date()) - startOfDay(date)) / day);
  if (days === 0) return `Today at ${time}`;
  return days === 1 ? `Yesterday at ${time}` : `${date.toLocaleDateString('en-GB')} ${time}`;
}

/** @param {Date} date */
function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/**
 * `<t:1700000000:R>`
 * @param {number} at epoch milliseconds
 * @param {string} style
 */
export function timestamp(at, style) {
  const date = new Date(at);
  const title = new Intl.DateTimeFormat('en-GB', styles['F']).format(date);
  const time = el('time', { class: 'timestamp', datetime: date.toISOString(), title });
  if (style === 'R') time.dataset['relative'] = String(at);
  time.textContent =
    style === 'R' ? wordRelative(at) : new Intl.DateTimeFormat('en-GB', styles[style]).format(date);
  return time;
}

/** @param {number} at */
function wordRelative(at) {
  const distance = at - Date.now();
  const [unit, length] = units.find(([, ms]) => Math.abs(distance) >= ms) ?? ['second', 1000];
  return new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' }).format(
    Math.round(distance / length),
    unit,
  );
}

/** Keeps relative times up to date while the page is open. */
export function keepRelativeTimes() {
  setInterval(() => {
    for (const time of document.querySelectorAll('time[data-relative]')) {
      if (time instanceof HTMLElement) time.textContent = wordRelative(Number(time.dataset['relative']));
    }
  }, 5000);
}

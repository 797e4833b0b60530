/** Characters that are not seen, or that reorder the text around them. */
const invisible = /[\p{Cc}\u200B-\u200F\u202A-\u202E\u2060-\u2069\u061C\u00AD\uFEFF\uFFF9-\uFFFB]/gu;
const lineBreaks = /[\r\n\t\u2028\u2029\u0085]+/g;

/**
 * Turns hostile text into one line of markdown that only says what it says: without link, image, HTML, heading or
 * mention. Balanced code spans stay, since identifiers are in them. At most `max` characters before escaping.
 */
export function plainLine(text: string, max: number): string {
  const line = text.toWellFormed().replaceAll(lineBreaks, ' ').replaceAll(invisible, '');
  const short = cutLine(line.replaceAll(/ {2,}/g, ' ').trim(), max);
  const parts = short.split(/(`[^`]+`)/);
  const escaped = parts.map((part) => (/^`[^`]+`$/.test(part) ? part : escapeMarkdown(part))).join('');
  return escaped.replace(/^([#>+-]|\d+[.)])(?=\s|$)/, '\\$1');
}

/** Escapes every character that begins something, and addresses that would become links by themselves. */
function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\\`*[\]<>|~]/g, '\\$&')
    .replaceAll(/(^|[^\p{L}\p{N}])_|_(?=[^\p{L}\p{N}]|$)/gu, (found) => found.replace('_', '\\_'))
    .replaceAll(/\b(https?|ftp):\/\//gi, '$1:\u200B//')
    .replaceAll(/\bwww\./gi, 'www\u200B.')
    .replaceAll(/(^|\s)@(?=\w)/g, '$1@\u200B');
}

/** Cuts a line at the end of a word if it can. */
function cutLine(text: string, max: number): string {
  if (text.length <= max) return text;
  const start = text.slice(0, max - 1);
  const space = start.lastIndexOf(' ');
  return `${(space > max / 2 ? start.slice(0, space) : start).toWellFormed().replace(/\uFFFD$/, '')}…`;
}

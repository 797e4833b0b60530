/**
 * Beginnings of text that a spreadsheet would compute instead of show; tab and line break count, since some strip them
 * first.
 */
const formula = /^[=+\-@\t\r\n]/;

/** Formats one record as in RFC 4180, with its line break. Text from outside cannot become a formula. */
export function toCsvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

function toCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const inert = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

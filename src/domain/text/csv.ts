/** What a spreadsheet would compute instead of show; tab and line break count, since some strip them first. */
const formula = /^[=+\-@\t\r\n]/;

/** One record as RFC 4180 has it, with its line break. Text from outside becomes no formula. */
export function toCsvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

function toCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const inert = formula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

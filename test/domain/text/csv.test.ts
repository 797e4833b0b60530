import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCsvLine } from '../../../src/domain/text/csv.ts';

/** Reads one record as RFC 4180 does. */
function read(line: string): readonly string[] {
  expect(line.endsWith('\r\n')).toBe(true);
  const cells: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|$)/gy;
  const record = line.slice(0, -2);
  for (;;) {
    const match = pattern.exec(record);
    if (match === null) throw new Error(`not a record: ${record}`);
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '') return cells;
  }
}

describe('a line of CSV', () => {
  it.each([
    ['plain', ['a', 1, null, ''], 'a,1,,\r\n'],
    [
      'a comma, a quote and a line break',
      ['a,b', 'say "x"', 'two\nlines'],
      '"a,b","say ""x""","two\nlines"\r\n',
    ],
    ['what a spreadsheet would compute', ['=1+1', '+1', '-1', '@x'], "'=1+1,'+1,'-1,'@x\r\n"],
    ['a formula that needs quotes', ['=HYPERLINK("x","y")'], '"\'=HYPERLINK(""x"",""y"")"\r\n'],
    ['a formula behind a tab', ['\t=1'], "'\t=1\r\n"],
    ['our own numbers', [-5], '-5\r\n'],
  ])('can contain %s', (_what, cells, line) => {
    expect(toCsvLine(cells)).toBe(line);
  });

  it('gives every text back, and begins none with a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (cells) => {
        const back = read(toCsvLine(cells));
        expect(back).toEqual(cells.map((cell) => (/^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell)));
        expect(back.filter((cell) => /^[=+\-@\t\r\n]/.test(cell))).toEqual([]);
      }),
    );
  });
});

import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it } from 'vitest';
import { findVersionProblem } from '../../../src/domain/package/version-problem.ts';

describe('the check of a version', () => {
  it.each(['0.0.1', '1.2.3', '1.0.0-exp-3', '1.0.0-beta.1', '20261124.0.0', '2026.11.24', '1.0.0-0a.0'])(
    'accepts %s',
    (version) => {
      expect(findVersionProblem(version)).toBeUndefined();
    },
  );

  it.each([
    ['2025.01.16', '“01” has a leading zero', '2025.1.16'],
    ['01.02.3', '“01” and “02” have leading zeros', '1.2.3'],
    ['1.0.0-preview.01', '“01” has a leading zero', '1.0.0-preview.1'],
    ['1.0.0-01', '“01” has a leading zero', '1.0.0-1'],
    ['1.2.3beta', 'a hyphen is missing before “beta”', '1.2.3-beta'],
    ['1.2.3.beta.1', 'a hyphen is missing before “beta”', '1.2.3-beta.1'],
    ['1.2.3_rc2', 'a hyphen is missing before “rc”', '1.2.3-rc2'],
    ['1.2beta', 'a hyphen is missing before “beta”; it has 2 numbers', '1.2.0-beta'],
    ['v1.2.3', 'write it without the “v”', '1.2.3'],
    ['V1.02', 'write it without the “V”; it has 2 numbers', '1.2.0'],
    ['version-1.2.3', 'write it without the “version-”', '1.2.3'],
    ['1', 'it has one number, and a version has three', '1.0.0'],
    ['1.2', 'it has 2 numbers, and a version has three', '1.2.0'],
    ['1.2-rc.1', 'it has 2 numbers, and a version has three', '1.2.0-rc.1'],
    ['1.2.3.4', 'it has 4 numbers, and a version has three', '1.2.3'],
    ['1.0.0-', 'nothing stands behind its hyphen', '1.0.0'],
    ['1.0.0-beta..1', 'nothing stands between two of its dots', '1.0.0-beta.1'],
    ['1.0.0.', 'it ends with a dot', '1.0.0'],
    ['1.0.0+build', 'build metadata (“+…”) is dropped by registries', '1.0.0'],
    ['1.0.0-rc.1+5', 'build metadata', '1.0.0-rc.1'],
    [' 1.2.3\n', 'it has spaces around it', '1.2.3'],
    ['1.2.3 beta', 'it has spaces in it; a hyphen is missing', '1.2.3-beta'],
    ['^1.2.3', '“^” belongs to a range', '1.2.3'],
    ['=v1.2.3', '“=” belongs to a range of versions; write it without the “v”', '1.2.3'],
    ['1.0.0–beta', '“–” is no hyphen', '1.0.0-beta'],
    ['1,2,3', 'a comma stands where a dot belongs', '1.2.3'],
    ['1.0.0-beta_1', '“_” cannot stand in it', '1.0.0-beta-1'],
    ['1.2.3\u200b', 'it contains an invisible character (U+200B)', '1.2.3'],
    ['\ufeff1.2.3', 'it contains an invisible character (U+FEFF)', '1.2.3'],
  ])('finds in %j: %s, and suggests %s', (version, problem, suggestion) => {
    const found = findVersionProblem(version);
    expect(found?.problem).toContain(problem);
    expect(found?.suggestion).toBe(suggestion);
  });

  it.each([
    ['', 'it is empty'],
    ['  ', 'it is empty'],
    ['latest', 'it needs three numbers'],
    ['$version', 'it needs three numbers'],
    ['1.x', 'it needs three numbers'],
    ['.1.2.3', 'it needs three numbers'],
    ['1..0', 'it needs three numbers'],
    ['1.0.0 - 2.0.0', 'a range of versions'],
    ['>=1.0.0 <2.0.0', 'a range of versions'],
    ['1.2.*', 'a range of versions'],
    ['9007199254740991.0.0', 'would block every later version'],
    ['99999999999999999999.0.0', 'would block every later version'],
    [`1.0.0-${'x'.repeat(200)}`, 'longer than 128 characters'],
  ])('finds in %j: %s, and suggests nothing, because nobody can say what was meant', (version, problem) => {
    const found = findVersionProblem(version);
    expect(found?.problem).toContain(problem);
    expect(found?.suggestion).toBeUndefined();
  });
});

describe('the suggestion for a bad version', () => {
  const piece = fc.constantFrom(
    '0',
    '1',
    '01',
    '2025',
    'v',
    '.',
    '-',
    '_',
    '+',
    ' ',
    'beta',
    '^',
    '–',
    '\u200b',
    'é',
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
  );

  it('is itself a valid version, whatever was written', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const found = findVersionProblem(text);
        const valid = found === undefined ? text : (found.suggestion ?? '1.0.0');
        expect([semver.parse(valid)?.version, findVersionProblem(valid)]).toEqual([valid, undefined]);
        expect(found?.problem).not.toBe('');
      }),
    );
  });

  it('is what npm makes of it, wherever npm makes a version of it', () => {
    const number = fc.stringMatching(/^0?[0-9]{1,3}$/);
    const identifier = fc.stringMatching(/^(?:0?[0-9]{1,2}|[a-z]{1,5}[0-9]?)$/);
    const loose = fc
      .tuple(
        fc.constantFrom('', 'v', ' '),
        number,
        number,
        number,
        fc.constantFrom('', '-'),
        fc.array(identifier),
      )
      .map(([before, ...rest]) => {
        const [major, minor, patch, hyphen, words] = rest;
        const isWorded = words[0] !== undefined && /^[a-z]/.test(words[0]);
        const tail = words.length === 0 || (hyphen === '' && !isWorded) ? '' : hyphen + words.join('.');
        return `${before}${major}.${minor}.${patch}${tail}`;
      });
    fc.assert(
      fc.property(loose, (text) => {
        const found = findVersionProblem(text);
        expect(found === undefined ? text : found.suggestion).toBe(semver.clean(text, { loose: true }));
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { findVersionProblem } from '../../src/domain/version.ts';

describe('findVersionProblem', () => {
  it.each(['0.0.1', '1.2.3', '1.0.0-exp-3', '1.0.0-beta.1', '20261124.0.0', '2026.11.24'])(
    'accepts %s',
    (version) => {
      expect(findVersionProblem(version)).toBeUndefined();
    },
  );
  it.each([
    'v1.2.3',
    ' 1.2.3\n',
    '1.2.3+build',
    '1.2',
    '01.2.3',
    '$version',
    '',
    'latest',
    '9007199254740991.0.0',
    '1.2.3-',
    `1.0.0-${'x'.repeat(200)}`,
  ])('refuses %j', (version) => {
    expect(findVersionProblem(version)).toEqual(expect.any(String));
  });
});

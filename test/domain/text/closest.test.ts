import { describe, expect, it } from 'vitest';
import { findClosest } from '../../../src/domain/text/closest.ts';

const known = ['com.studio.core', 'com.studio.core.editor', 'com.studio.net'];

describe('findClosest', () => {
  it.each([
    ['com.studio.cor', 'com.studio.core'],
    ['com.stduio.core', 'com.studio.core'],
    ['COM.Studio.Core', 'com.studio.core'],
    ['com.studio.nets', 'com.studio.net'],
    ['com.studio.core.editr', 'com.studio.core.editor'],
    ['something else altogether', undefined],
    ['', undefined],
    ['x'.repeat(100_000), undefined],
  ])('answers %j with %j', (asked, expected) => {
    expect(findClosest(asked, known)).toBe(expected);
  });

  it('suggests nothing when no name is known', () => {
    expect(findClosest('com.studio.core', [])).toBeUndefined();
  });
});

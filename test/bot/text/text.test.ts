import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, inert, takeLines } from '../../../src/bot/text/text.ts';
import { hostileText } from '../hostile-text.ts';

const poison = hostileText();

describe('text from outside', () => {
  it('is one inert line within its length, whatever it contains', () => {
    fc.assert(
      fc.property(poison, fc.integer({ min: 2, max: 500 }), (text, max) => {
        const safe = inert(text, max);
        expect(safe.length).toBeLessThanOrEqual(max);
        expect(safe).not.toMatch(/@(?!\u200B)/);
        expect(safe).not.toMatch(/[\r\n\u2028\u2029\u202A-\u202E\u2066-\u2069]/);
        expect(safe.replaceAll('\u200B', '')).not.toMatch(/\p{Cc}/u);
        expect(safe.isWellFormed()).toBe(true);
        // Nothing that Discord itself turns into a link or a card.
        expect(safe).not.toMatch(/:\/\/|discord(?:app)?\.\w+\//i);
        // No character of markdown without a backslash.
        expect(safe.replaceAll(/\\[\\*_~`|>#[\]()<{}]/g, '')).not.toMatch(/[\\*_~`|>#[\]()<{}]/);
      }),
      { numRuns: 10_000 },
    );
  });

  it('reads as it was meant where nothing is special', () => {
    expect(inert('Fix crash in Core, see #12', 100)).toBe('Fix crash in Core, see \\#12');
    expect(inert('com.studio.core', 100)).toBe('com.studio.core');
    expect(inert('see https://x.test/a', 100).replaceAll('\u200B', '')).toBe('see https://x.test/a');
  });

  it('is cut between characters', () => {
    expect(cut('a👍b', 3)).toBe('a…');
    expect(cut('abc', 3)).toBe('abc');
    expect(takeLines(['one', 'two', 'three'], 8)).toEqual({ text: 'one\ntwo', left: 1 });
  });
});

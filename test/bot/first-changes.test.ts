import { describe, expect, it } from 'vitest';
import { wordFirstChanges } from '../../src/bot/messages/first-changes.ts';
import { renderPackage } from '../../src/domain/job/package-report.ts';
import { blankResult } from '../../src/domain/job/package-result.ts';

function item(changelog: string | undefined, wordedByModel = false) {
  return renderPackage({ ...blankResult('com.studio.a', 'a', 'published'), changelog, wordedByModel });
}

const entry =
  '### Added\n\n- Doors ([#7](https://git.test/pull/7), Ada)\n- Windows\n- Walls\n- Roofs\n\n### Fixed\n\n- A draught';

describe('the first changes below a published package', () => {
  it('are its first lines, with the words of links instead of links', () => {
    expect(wordFirstChanges(item(entry), 1)).toBe('\n> Doors \\(\\#7, Ada\\)\n> Windows\n> Walls');
    expect(wordFirstChanges(item(entry), 4)).toBe('\n> Doors \\(\\#7, Ada\\)');
    expect(wordFirstChanges(item(entry), 109)).toBe('');
    expect(wordFirstChanges(item(undefined), 1)).toBe('');
  });

  it('say that a model worded them', () => {
    expect(wordFirstChanges(item('- Doors', true), 1)).toBe('\n> Doors\n> 🤖 worded by a model');
    expect(wordFirstChanges(item('', true), 1)).toBe('');
  });

  it('are inert and short, whatever the changelog contains', () => {
    const hostile = `- @everyone **x** <@1> [a](https://evil.test) ${'['.repeat(100_000)}`;
    const shown = wordFirstChanges(item(hostile), 1);
    expect(shown.length).toBeLessThan(200);
    expect(shown).not.toMatch(/@(?!\u200B)|evil|(?<!\\)[<[]/);
  });
});

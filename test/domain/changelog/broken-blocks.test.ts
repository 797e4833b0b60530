import { describe, expect, it } from 'vitest';
import { findEntry, insertEntry } from '../../../src/domain/changelog/insert-entry.ts';
import { scanChangelog } from '../../../src/domain/changelog/scan-changelog.ts';
import { readHandWritten } from '../../../src/domain/changelog/unreleased.ts';

const date = '2026-02-03';
const first = '# Changelog\n\n';
const older = '## [1.0.0] - 2025-01-01\n\n- Doors\n';

/** What begins something that nothing ends. */
const openings = [
  ['a code fence', '```bash\nnpm install\n'],
  ['a code fence of tildes', '~~~\nnpm install\n'],
  ['a code fence in a list', '- Run:\n  ```\n  npm install\n'],
  ['a comment', '<!-- to do\n- more\n'],
  ['verbatim HTML', '<pre>\nx = 1\n'],
  ['a style', '<style>\n.x {}\n'],
] as const;

const places: readonly (readonly [string, (opening: string) => string])[] = [
  ['below the title', (opening) => `${first}${opening}\n${older}`],
  ['below Unreleased', (opening) => `${first}## [Unreleased]\n\n${opening}\n${older}`],
  ['in a version below another', (opening) => `${first}## [1.0.1]\n\n- A\n\n${opening}\n${older}`],
  ['in the last version', (opening) => `${first}${older}\n${opening}`],
  ['where there is no version', (opening) => `${first}## [Unreleased]\n\n${opening}`],
  ['where nothing else is', (opening) => opening],
];

const cases = openings.flatMap(([what, opening]) =>
  places.map(([where, write]) => [`${what} ${where}`, write(opening)] as const),
);

/** As a publish does: what people wrote below Unreleased becomes the entry. */
function publish(text: string, version: string): string {
  const { blocks, parts } = readHandWritten(scanChangelog(text));
  const body = parts.length === 0 ? '- Windows' : parts.map((part) => part.text).join('\n\n');
  const moved = blocks.map((block) => block.text);
  const inserted = insertEntry(text, { version, date, body, moved });
  return inserted.kind === 'inserted' ? inserted.text : text;
}

const headingsIn = (text: string, version: string): number =>
  text.split('\n').filter((line) => line.startsWith('## ') && line.includes(version)).length;

describe('a changelog in which nothing ends', () => {
  it.each(cases)('%s gets each version once, however often it is published', (_what, text) => {
    const once = publish(text, '1.1.0');
    expect(findEntry(once, '1.1.0')).toBeDefined();
    expect(publish(once, '1.1.0')).toBe(once);
    const twice = publish(once, '1.2.0');
    expect(['1.0.0', '1.1.0', '1.2.0'].map((version) => headingsIn(twice, version))).toEqual([
      headingsIn(text, '1.0.0'),
      1,
      1,
    ]);
    expect(publish(publish(twice, '1.1.0'), '1.2.0')).toBe(twice);
    expect(findEntry(twice, '1.1.0')).toBeDefined();
  });

  it.each(cases)('%s keeps its own entries', (_what, text) => {
    expect(findEntry(text, '1.0.0') ?? '').toContain(text.includes('1.0.0') ? '- Doors' : '');
    const once = publish(text, '1.0.0');
    expect(once.includes('- Doors') ? once : '').toBe(text.includes('- Doors') ? text : '');
  });
});

describe('a changelog with blocks that end', () => {
  it.each([
    ['a code fence', '```md\n## [1.1.0]\n```\n'],
    ['a comment', '<!--\n## [1.1.0]\n-->\n'],
    ['verbatim HTML', '<pre>\n## [1.1.0]\n</pre>\n'],
  ])('has no heading within %s', (_what, block) => {
    const text = `${first}## [Unreleased]\n\n${older}\n${block}`;
    expect(findEntry(text, '1.1.0')).toBeUndefined();
    expect(headingsIn(publish(text, '1.1.0'), '1.1.0')).toBe(2);
  });
});

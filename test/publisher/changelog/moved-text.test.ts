import { describe, expect, it } from 'vitest';
import type { EntryItem } from '../../../src/domain/changelog/changelog.ts';
import { findHeadingStyle } from '../../../src/domain/changelog/heading-style.ts';
import { insertEntry } from '../../../src/domain/changelog/insert-entry.ts';
import { scanChangelog } from '../../../src/domain/changelog/scan-changelog.ts';
import { readHandWritten } from '../../../src/domain/changelog/unreleased.ts';
import { composeBody } from '../../../src/publisher/changelog/wording/compose-body.ts';

/** Returns a file after 1.1.0 was published. */
function publish(text: string, items: readonly EntryItem[] = []): string {
  const scanned = scanChangelog(text);
  const { parts, blocks } = readHandWritten(scanned);
  const { sectionLevel, bullet } = findHeadingStyle(scanned);
  const body = composeBody({ handWritten: parts, items, otherwise: 'Nothing', sectionLevel, bullet });
  const moved = blocks.map((block) => block.text);
  const inserted = insertEntry(text, { version: '1.1.0', date: '2026-02-03', body, moved });
  if (inserted.kind !== 'inserted') throw new Error('it was there');
  return inserted.text;
}

function item(section: EntryItem['section'], text: string): EntryItem {
  return { section, isBreaking: false, text, commits: [] };
}

const texts: readonly (readonly [string, string])[] = [
  ['paragraphs', 'One paragraph\nof two lines.\n\nAnother one,  with two blanks.  \n\n\nAnd a last one.'],
  ['bold lines', '**Breaking**\n- Doors\n\n**Others**\n- Walls\n- Roofs'],
  [
    'a table',
    '| what | how |\n| --- | :-: |\n| Doors | open |\n\nSaid in [the guide].\n\n[the guide]: https://h.test/guide "The guide"',
  ],
  [
    'link definitions between',
    '- See [doors]\n\n[doors]: https://h.test/doors\n[walls]: <https://h.test/walls>\n\n- See [walls]',
  ],
  [
    'code',
    'Call it:\n\n```csharp\n## Open();\n\n\n// two blank lines above\n```\n\n    indented();\n\n- Doors\n\n  ~~~\n  - no item\n  ~~~',
  ],
  ['comments', '- Doors\n<!-- who wrote this? -->\n- Walls\n\n<!--\n- not\n\n- yet\n-->\n\n- Roofs'],
  ['a comment with text behind it', '<!-- x -->\nText right below.\n\n- Doors'],
  ['loose and nested lists', '- Doors\n\n- Walls\n  1. high\n  2. low\n\n\n* Roofs\n\t- steep'],
  [
    'sub-headings of two ranks',
    'Intro.\n\n### Added\n\n#### Editor\n\n- Doors\n\n\n#### Runtime\n- Walls\n\n### Fixed\n- Roofs',
  ],
  ['sub-headings of its own', '### ✨ New\n* Doors\n### Known issues\n* It creaks'],
  ['quotes and rules', '> Said before\n> and again\n\n***\n\n1. One\n2. Two'],
  ['HTML', '<details>\n<summary>More</summary>\n\n- Doors\n\n</details>'],
];

describe('what people wrote below Unreleased', () => {
  for (const ending of ['\n', '\r\n']) {
    it.each(texts)(
      `is moved byte for byte: %s (line endings ${JSON.stringify(ending)})`,
      (_what, written) => {
        const own = written.replaceAll('\n', ending);
        const text = `# Changelog\n\n## [Unreleased]\n\n%\n\n## [1.0.0] - 2026-01-01\n\n- First\n`
          .replaceAll('\n', ending)
          .replace('%', () => own);
        const published = publish(text);
        const from = published.indexOf('## [1.1.0] - 2026-02-03') + '## [1.1.0] - 2026-02-03'.length;
        const section = published.slice(from, published.indexOf('## [1.0.0]'));
        expect(section).toBe(`${ending}${ending}${own}${ending}${ending}`);
        expect(published.slice(0, published.indexOf('## [1.1.0]'))).toBe(
          `# Changelog${ending}${ending}## [Unreleased]${ending}${ending}${own.startsWith('<!--') ? `<!-- x -->${ending}${ending}` : ''}`,
        );
      },
    );
  }

  it('keeps each line’s own ending in a file with several kinds', () => {
    const text = '# Changelog\n\n## Unreleased\n\nOne\r\ntwo\n\r\n- three\r\n\n## 1.0.0\n\n- First\n';
    expect(publish(text)).toContain('## 1.1.0\n\nOne\r\ntwo\n\r\n- three\r\n\n## 1.0.0\n');
  });

  it('is followed by what the commits say, section by section', () => {
    const text =
      '## [Unreleased]\n\n### Added\n\n- Doors\n\n\n### Fixed\nA paragraph.\n\n### Removed\n- N/A\n\n## [1.0.0] - 2026-01-01\n';
    const published = publish(text, [
      item('Added', 'Walls'),
      item('Fixed', 'Roofs'),
      item('Changed', 'Colours'),
    ]);
    expect(published).toBe(
      '## [Unreleased]\n\n### Removed\n- N/A\n\n## [1.1.0] - 2026-02-03\n\n### Added\n\n- Doors\n- Walls\n\n\n### Fixed\nA paragraph.\n\n- Roofs\n\n' +
        '### Changed\n\n- Colours\n\n## [1.0.0] - 2026-01-01\n',
    );
  });

  it('leaves the link of Unreleased itself in place', () => {
    const text =
      '## [Unreleased]\n[Unreleased]: https://h.test/compare/v1.0.0...HEAD\n\n- Doors\n\n## [1.0.0] - 2026-01-01\n[1.0.0]: https://h.test/tag/v1.0.0\n';
    expect(publish(text)).toMatch(
      /^## \[Unreleased\]\n\[Unreleased\]: https:\/\/h\.test\/compare\/v1\.1\.0\.\.\.HEAD\n\n## \[1\.1\.0\] - 2026-02-03\n\n- Doors\n/,
    );
  });
});

describe('a heading over what is not published yet', () => {
  const headings = [
    '## [Unreleased] - YYYY-MM-DD',
    '## Unreleased - 2026-01-01',
    '## UNRELEASED',
    '# [Unreleased]',
    '## [Unreleased](https://h.test/compare/a...b)',
    '## Unreleased (2026-02-03)',
    '## [Unreleased][unreleased]',
    '## **Unreleased**',
    '## [Unreleased] - 20XX-XX-XX',
    '## [Unreleased] - ????-??-??',
    '## [Unreleased] - January 3rd, 2026',
    '## [Unreleased 1.1.0]',
    '## Unreleased - 1.1.0',
    '## [Upcoming]',
    '## Upcoming release',
    '## Next version',
    '## vNext',
    '## main (unreleased)',
    '## HEAD',
    '## Not yet released',
    '## [Unreleased] - The big update',
    '## Un-released',
    '##[Unreleased]',
    'Unreleased\n----------',
    '**Unreleased**',
    '## Unreleased changes:',
    '## ⚠️ [Unreleased] - TBD',
    '## [X.Y.Z] - Unreleased',
    '## [unreleased]',
    '### Unreleased',
  ];

  it.each(headings)(
    'is recognized as %j, and what stands below it ships with the next version',
    (heading) => {
      const versions = heading.startsWith('**') ? '**1.0.0**' : `${/^#+/.exec(heading)?.[0] ?? '##'} 1.0.0`;
      const published = publish(`${heading}\n\n- By hand\n\n${versions}\n\n- First\n`);
      expect(published.startsWith(heading)).toBe(true);
      expect(published).toMatch(/1\.1\.0[^\n]*\n\n- By hand\n/);
      expect(published.match(/By hand/g)).toHaveLength(1);
    },
  );

  it.each([
    '## Next steps',
    '## Unreleased features were dropped',
    '## Pending questions',
    '## Headlines',
    '## Development guide',
  ])('is not recognized in every heading with such a word: %j', (heading) => {
    const found = scanChangelog(`# Notes\n\n${heading}\n\n- x\n`).headings.map(
      ({ isUnreleased }) => isUnreleased,
    );
    expect(found).toEqual([false, false]);
  });

  const pending = [
    '## [1.1.0] - Unreleased',
    '## 1.1.0 (unreleased)',
    '## v1.1.0 - TBD',
    '## [1.1.0] - YYYY-MM-DD',
    '## [1.1.0](https://h.test/x) - UNRELEASED',
    '## Version 1.1.0 (in development)',
    '## 1.1.0 - WIP',
  ];

  it.each(pending)('that names its version as %j belongs to that version', (heading) => {
    const [found] = scanChangelog(`${heading}\n\n- By hand\n`).headings;
    expect(found).toMatchObject({ version: '1.1.0', isUnreleased: false, isPending: true });
  });

  it.each([
    '## [1.1.0] - 2026-01-01',
    '## 1.1.0 - The next chapter',
    '## 1.1.0',
    '## [1.1.0] - 2026-01-01 - Unreleased tracks',
  ])('with a day, as %j, counts as published', (heading) => {
    expect(scanChangelog(`${heading}\n`).headings[0]).toMatchObject({ version: '1.1.0', isPending: false });
  });
});

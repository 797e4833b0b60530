import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findEntry, insertEntry, replaceEntry } from '../../../src/domain/changelog/insert-entry.ts';
import { contentOf, scanChangelog } from '../../../src/domain/changelog/scan-changelog.ts';
import { readHandWritten } from '../../../src/domain/changelog/unreleased.ts';
import { shapes } from '../../publisher/changelog/shapes.ts';

const body = '### Added\n\n- Windows ([#7](https://host.test/pull/7))\n\n### Fixed\n\n- A draught';
const date = '2026-02-03';

function insert(text: string, version = '1.3.0', moved: readonly string[] = []): string {
  const inserted = insertEntry(text, { version, date, body, moved });
  if (inserted.kind !== 'inserted') throw new Error('it has an entry already');
  return inserted.text;
}

/** Returns the lines as they are read, without their endings. */
function linesOf(text: string): readonly string[] {
  return scanChangelog(text).lines.map(contentOf);
}

describe('inserting an entry into a changelog as people write it', () => {
  it('is tested with at least forty shapes', () => {
    expect(shapes.length).toBeGreaterThanOrEqual(40);
    expect(new Set(shapes.map((shape) => shape.title)).size).toBe(shapes.length);
  });

  it.each(shapes)('with $title puts the version in with the file’s own style and at its place', (shape) => {
    const version = shape.version ?? '1.3.0';
    const lines = linesOf(insert(shape.text, version));
    const at = lines.indexOf(shape.heading);
    expect(lines).toContain(shape.heading);
    const rest = lines.slice(at + 1);
    const next = rest.findIndex(
      (line, index) => index >= body.split('\n').length && line !== '' && !/^(?:-+$|- A draught)/.test(line),
    );
    const following = next < 0 ? undefined : rest[next];
    expect(following?.startsWith('[Unreleased]:') === true ? undefined : following).toBe(shape.before);
  });

  it.each(shapes)('with $title reads back what was put in, and changes nothing the second time', (shape) => {
    const version = shape.version ?? '1.3.0';
    const once = insert(shape.text, version);
    expect(findEntry(once, version)).toBe(body);
    expect(insertEntry(once, { version, date, body: 'other', moved: [] })).toEqual({ kind: 'present', body });
  });

  it.each(shapes)('with $title keeps every other line as it was', (shape) => {
    const version = shape.version ?? '1.3.0';
    const once = insert(shape.text, version);
    const before = scanChangelog(shape.text.replace('\uFEFF', '')).lines.filter(
      (line) => !/^\[Unreleased\]:/i.test(line),
    );
    const left = [...scanChangelog(once.replace('\uFEFF', '')).lines];
    // A last line without an ending gets one only when something follows it.
    for (const line of before) {
      const at = left.findIndex((other) => other === line || other === `${line}\n`);
      expect(at, JSON.stringify(line)).toBeGreaterThanOrEqual(0);
      left.splice(0, at + 1);
    }
  });

  it('keeps the line endings and the byte order mark', () => {
    const windows = insert('\uFEFF# Changelog\r\n\r\n## 1.2.0\r\n\r\n- Doors\r\n');
    expect(windows.startsWith('\uFEFF# Changelog\r\n')).toBe(true);
    expect(windows.match(/(?<!\r)\n/g)).toBeNull();
    expect(windows.lastIndexOf('\uFEFF')).toBe(0);
    expect(insert('\uFEFF## 1.2.0\n').startsWith('\uFEFF## 1.3.0\n')).toBe(true);
  });

  it.each(['', '\n\n', '\uFEFF', ' \r\n'])(
    'that is empty (%j) begins the file as Keep a Changelog does',
    (text) => {
      const made = insert(text);
      expect(made.replace('\uFEFF', '')).toMatch(/^# Changelog\n\n[\s\S]+keepachangelog\.com\/en\/1\.1\.0/);
      expect(made).toContain('\n## [1.3.0] - 2026-02-03\n\n### Added\n');
      expect(findEntry(made, '1.3.0')).toBe(body);
    },
  );

  it('changes nothing when the version is there already, however its heading is written', () => {
    for (const heading of ['## [1.3.0]', '## v1.3.0 - soon', '## 1.3', '**1.3.0**', '1.3.0\n-----']) {
      const text = `# Changelog\n\n${heading}\n\n- By hand\n`;
      expect(insertEntry(text, { version: '1.3.0', date, body, moved: [] })).toEqual({
        kind: 'present',
        body: '- By hand',
      });
    }
  });

  it('reads the entry back from any text, and keeps the rest', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '',
        '## 1.0.0',
        '# Changelog',
        '```',
        '~~~',
        '<!--',
        '-->',
        '---',
        '- item',
        '[1.0.0]: x',
      ),
      fc.constantFrom(
        '## [Unreleased]',
        '### Added',
        '**2.0.0**',
        '    code',
        '<pre>',
        '</pre>',
        '1.1.0',
        '===',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), (lines, ending) => {
        const text = lines.join(ending);
        const inserted = insertEntry(text, { version: '7.7.7', date, body, moved: [] });
        if (inserted.kind === 'present') return;
        for (const kept of lines.filter((other) => !other.startsWith('[')))
          expect(inserted.text).toContain(kept);
      }),
    );
  });
});

describe('a changelog that was made to be slow', () => {
  const long = 100_000;
  const texts: readonly (readonly [string, string])[] = [
    ['spaces in a heading', `# ${' '.repeat(long)}x\n`],
    ['a heading of dashes', `## a.b${'-'.repeat(long)}\n`],
    ['brackets', `## ${'('.repeat(long)}\n`],
    ['blank lines in a block', `## [Unreleased]\n\n- a\n${'\n'.repeat(20_000)}  b\n`],
    ['thousands of items', `## [Unreleased]\n\n${'- a\n'.repeat(long / 10)}`],
    [
      'thousands of sections',
      `## [Unreleased]\n\n${Array.from({ length: 5_000 }, (_, at) => `### s${at}\n- a\n`).join('')}`,
    ],
    ['many versions in a heading', `## ${'x 1.0.0 '.repeat(long / 10)}\n`],
  ];

  it.each(texts)('by %s is read in a moment', (_what, text) => {
    const startedAt = performance.now();
    const moved = readHandWritten(scanChangelog(text)).blocks.map((block) => block.text);
    expect(insert(text, '1.3.0', moved)).toContain('1.3.0');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('link definitions at the end of a changelog', () => {
  const bottom = (definitions: string): string =>
    `# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2024-03-01\n\n- Doors\n\n## [1.1.0] - 2024-01-01\n\n${definitions}`;

  it('get one for the new version, and Unreleased compares with it', () => {
    const text = bottom(
      '[Unreleased]: https://h.test/compare/v1.2.0...HEAD\n[1.2.0]: https://h.test/compare/v1.1.0...v1.2.0\n[1.1.0]: https://h.test/releases/tag/v1.1.0\n',
    );
    expect(insert(text)).toMatch(
      /\n\[Unreleased\]: https:\/\/h\.test\/compare\/v1\.3\.0\.\.\.HEAD\n\[1\.3\.0\]: https:\/\/h\.test\/compare\/v1\.2\.0\.\.\.v1\.3\.0\n\[1\.2\.0\]: https:\/\/h\.test\/compare\/v1\.1\.0\.\.\.v1\.2\.0\n/,
    );
  });

  it('that name a release keep that form', () => {
    const text = bottom('[1.2.0]: https://h.test/releases/tag/v1.2.0\r\n[1.1.0]: https://h.test/1.1.0');
    expect(insert(text)).toContain(
      '[1.3.0]: https://h.test/releases/tag/v1.3.0\r\n[1.2.0]: https://h.test/releases/tag/v1.2.0\r\n',
    );
  });

  it('are not added to a file that has none', () => {
    expect(insert(bottom(''))).not.toContain('[1.3.0]:');
  });
});

describe('what people wrote below Unreleased', () => {
  const text =
    '# Changelog\n\n## [Unreleased]\n\n<!-- write here -->\n\nA summary\nof two lines.\n\n### Added\n\n- Doors\n  - with handles\n\n  ```csharp\n  ## Open();\n  ```\n- Windows\n\n### Fixed\n- N/A\n\n### Known issues\n* It creaks\n\n## [1.2.0] - 2024-03-01\n\n- Walls\n';
  const { blocks } = readHandWritten(scanChangelog(text));

  it('is read as blocks with what belongs to them, without comments and placeholders', () => {
    expect(blocks.map(({ section, text: written }) => [section, written])).toEqual([
      ['', 'A summary\nof two lines.'],
      ['Added', '- Doors\n  - with handles\n\n  ```csharp\n  ## Open();\n  ```'],
      ['Added', '- Windows'],
      ['Known issues', '* It creaks'],
    ]);
  });

  it('leaves Unreleased when it moves, with the sub-headings that become empty', () => {
    const moved = blocks.map((block) => block.text);
    const after = insert(text, '1.3.0', moved);
    const unreleased = after.slice(after.indexOf('## [Unreleased]'), after.indexOf('## [1.3.0]'));
    expect(unreleased).toBe('## [Unreleased]\n\n<!-- write here -->\n\n### Fixed\n- N/A\n\n');
    expect(after).toContain('## [1.2.0] - 2024-03-01\n\n- Walls\n');
  });

  it('stays where it is when it was written after the version was published', () => {
    const later = text.replace('- Windows\n', '- Windows\n- A roof\n');
    const after = insert(
      later,
      '1.3.0',
      blocks.map((block) => block.text),
    );
    const unreleased = after.slice(after.indexOf('## [Unreleased]'), after.indexOf('## [1.3.0]'));
    expect(unreleased).toContain('### Added\n\n- A roof\n');
    expect(unreleased).not.toContain('Windows');
  });
});

describe('an entry that is reworded', () => {
  const once = insert('# Changelog\r\n\r\n## 1.2.0\r\n\r\n- Doors\r\n');

  it('replaces its own text only', () => {
    const again = replaceEntry(once, '1.3.0', body, '### Added\n\n- Bay windows');
    expect(again).toBe(
      '# Changelog\r\n\r\n## 1.3.0\r\n\r\n### Added\r\n\r\n- Bay windows\r\n\r\n## 1.2.0\r\n\r\n- Doors\r\n',
    );
  });

  it('is refused when somebody has changed the old text', () => {
    expect(replaceEntry(once.replace('draught', 'storm'), '1.3.0', body, 'x')).toBeUndefined();
    expect(replaceEntry(once, '9.9.9', body, 'x')).toBeUndefined();
  });
});

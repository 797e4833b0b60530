import { describe, expect, it } from 'vitest';
import { findEntry, insertEntry } from '../../../src/domain/changelog/insert-entry.ts';

const entry = { version: '2.0.0', date: '2026-02-03', body: '- Windows', moved: [] };

describe('a line that tells of a version', () => {
  it.each([
    'Version 2.0 is coming',
    '2.0 is the next one; expect changes.',
    'v2.0.0 will need Unity 6',
    '2.0.0 and later need Unity 6',
    '2.0.0 needs Unity 6',
    'Version 2.0 brings windows and doors.',
    '[2.0.0] was never published',
    '**Version 2.0 is coming**',
    '**2.0.0** will need Unity 6',
    '## Version 2.0 is coming',
    '## 2.0 will be renamed',
    'Version 2.0 is coming\n=====================',
  ])('is no entry of it: %s', (line) => {
    const text = `# Changelog\n\n${line}\n\nMore of it.\n`;
    expect(findEntry(text, '2.0.0')).toBeUndefined();
    const inserted = insertEntry(text, entry);
    expect(inserted).toMatchObject({ kind: 'inserted', text: expect.stringContaining(line) });
    expect(inserted.kind === 'inserted' ? findEntry(inserted.text, '2.0.0') : '').toBe('- Windows');
  });

  it.each([
    '2.0.0',
    'v2.0.0',
    'Version 2.0.0',
    'Version 2.0',
    '2.0.0:',
    '2.0.0 (2025-01-01)',
    '2.0.0 - 2025-01-01',
    '2.0.0 / January 3rd, 2025',
    '2.0.0 2025-01-01',
    '2.0.0 released on 2025-01-01',
    '2.0.0 January 2025',
    '2.0.0 – The one with windows',
    '2.0.0 (The one with windows)',
    '[2.0.0] - 2025-01-01',
    '[2.0.0](https://studio.test/2.0.0) (2025-01-01)',
    '**2.0.0** 2025-01-01',
    '**2.0.0 The one with windows**',
    '## 2.0.0 The one with windows',
    '## 2.0.0 is out',
    '## Version 2.0 was released on 2025-01-01',
  ])('is its entry where it heads one: %s', (line) => {
    const text = `# Changelog\n\n${line}\n\n- More of it.\n`;
    expect(findEntry(text, '2.0.0')).toBe('- More of it.');
  });
});

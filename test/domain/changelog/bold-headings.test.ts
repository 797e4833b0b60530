import { expect, it } from 'vitest';
import { findEntry, insertEntry } from '../../../src/domain/changelog/insert-entry.ts';

const entry = { version: '1.1.0', date: '2026-01-01', body: '- News', moved: [] };

it.each([
  ['**1.0.0 First light**', '**1.1.0**'],
  ['__1.0.0 First light__', '__1.1.0__'],
  ['**1.0.0 First light (2025-01-01)**', '**1.1.0 - 2026-01-01**'],
  ['**1.0.0** - 2025-01-01', '**1.1.0** - 2026-01-01'],
])('a bold heading like %s is followed by one in the same style, which is found again', (model, heading) => {
  const inserted = insertEntry(`# Changelog\n\n${model}\n\n- First\n`, entry);
  const text = inserted.kind === 'inserted' ? inserted.text : '';
  expect(text).toBe(`# Changelog\n\n${heading}\n\n- News\n\n${model}\n\n- First\n`);
  expect(findEntry(text, '1.1.0')).toBe('- News');
});

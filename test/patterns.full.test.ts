import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';
import { listAttacks, timeSearch } from './pattern-growth.ts';
import { listSources, readProject } from './source-files.ts';

interface Literal {
  readonly file: string;
  readonly pattern: RegExp;
}

/** What takes the square of a text is a hundred times this at that length; what is linear, a hundredth of it. */
const chars = 20_000;
const patienceMs = 40;
/** Of headings, which are no longer than this, and of what an operator set. */
const shortChars = 1_000;
const short = [
  'src/domain/changelog/scan-changelog.ts',
  'src/domain/changelog/heading-text.ts',
  'src/config/load-config.ts',
  'src/config/',
  'src/cli/doctor/doctor-machine.ts',
  'src/http/openapi-document.ts',
];

function listLiterals(): readonly Literal[] {
  return listSources('src').flatMap((file) => {
    const found: Literal[] = [];
    collect(parseSync(file, readProject(file)).program, (pattern) => found.push({ file, pattern }));
    return found;
  });
}

function collect(node: unknown, take: (pattern: RegExp) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if ('regex' in node) {
    const { pattern, flags } = node.regex as { readonly pattern: string; readonly flags: string };
    take(new RegExp(pattern, flags));
    return;
  }
  for (const part of Object.values(node)) collect(part, take);
}

/** Looked at again before it is believed: a machine may be busy with something else. */
function isSlow(pattern: RegExp, text: string): boolean {
  return timeSearch(pattern, text, 1) > patienceMs && timeSearch(pattern, text, 5) > patienceMs;
}

describe('patterns', () => {
  const literals = listLiterals();

  it('are all found', () => {
    expect(literals.length).toBeGreaterThan(200);
  });

  it('take no longer than the length of the text says, whatever it repeats', () => {
    const slow = literals.flatMap(({ file, pattern }) => {
      const most = short.some((start) => file.startsWith(start)) ? shortChars : chars;
      const attack = listAttacks(pattern).find(({ build }) => isSlow(pattern, build(most)));
      return attack === undefined ? [] : [`${file}: ${pattern} on ${attack.name}`];
    });
    expect(slow).toEqual([]);
  });
});

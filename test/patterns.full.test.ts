import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';
import { listAttacks, timeSearch } from './pattern-growth.ts';
import { listSources, readProject } from './source-files.ts';

interface Literal {
  readonly file: string;
  readonly pattern: RegExp;
}

/** At this length a quadratic search takes a hundred times the limit, and a linear one a hundredth of it. */
const chars = 20_000;
const patienceMs = 40;
/** Length for headings, which are never longer than this, and for patterns that an operator sets. */
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

/** Measures again before it reports a slow pattern, because a machine may be busy with something else. */
function isSlow(pattern: RegExp, text: string): boolean {
  return timeSearch(pattern, text, 1) > patienceMs && timeSearch(pattern, text, 5) > patienceMs;
}

describe('the regular expressions of the project', () => {
  const literals = listLiterals();

  it('are all found', () => {
    expect(literals.length).toBeGreaterThan(200);
  });

  it('take time in proportion to the length of the text, whatever it repeats', () => {
    const slow = literals.flatMap(({ file, pattern }) => {
      const most = short.some((start) => file.startsWith(start)) ? shortChars : chars;
      const attack = listAttacks(pattern).find(({ build }) => isSlow(pattern, build(most)));
      return attack === undefined ? [] : [`${file}: ${pattern} on ${attack.name}`];
    });
    expect(slow).toEqual([]);
  });
});

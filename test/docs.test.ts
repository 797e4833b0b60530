import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commands } from '../src/bot/commands/index.ts';
import { jobStatuses, packageStates } from '../src/domain/job/report.ts';
import { problemCodes } from '../src/http/problem.ts';
import { routes } from '../src/http/routes/index.ts';
import { listReasons, tables } from './docs-tables.ts';
import { buildEnvExample } from './env-example.ts';
import { readProject, sources } from './source-files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** `UPDATE_DOCS=1 npx vitest run test/docs.test.ts` writes the generated tables instead of comparing them. */
const isUpdating = process.env['UPDATE_DOCS'] === '1';

const { scripts } = JSON.parse(read('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(root, file)));

describe('generated tables', () => {
  it.each(tables)('$name in $file matches the code (UPDATE_DOCS=1 rewrites it)', ({ name, file, table }) => {
    const begin = `<!-- generated: ${name} -->\n\n`;
    const end = `\n\n<!-- end of ${name} -->`;
    const [before = '', after = ''] = read(file).split(begin);
    const [shown = '', ...rest] = after.split(end);
    expect(rest).toHaveLength(1);
    if (isUpdating) writeFileSync(join(root, file), before + begin + table + end + rest.join(''));
    expect(isUpdating ? table : shown).toBe(table);
  });
});

describe('.env.example', () => {
  it('matches the table of settings (UPDATE_DOCS=1 rewrites it)', () => {
    const built = buildEnvExample();
    if (isUpdating) writeFileSync(join(root, '.env.example'), built);
    expect(isUpdating ? built : read('.env.example')).toBe(built);
  });
});

describe('the reasons of failures', () => {
  it('all have a title and a remedy', () => {
    const reasons = listReasons();
    expect(reasons.length).toBeGreaterThan(30);
    const incomplete = reasons.filter(
      ([, title = '', remedy = '']) => !/\S{2}/.test(title) || !/^\S.{15,}[.]$/s.test(remedy),
    );
    expect(incomplete).toEqual([]);
  });
});

describe('README.md', () => {
  const readme = read('README.md');

  it('is short enough to be read to its end: about a thousand words', () => {
    expect(readme.split(/\s+/).length).toBeLessThanOrEqual(1_150);
  });

  it.each(commands.map(({ definition }) => definition.name))('names the command /%s', (name) => {
    expect(readme).toMatch(new RegExp(`^\\| \`/${name}\\b`, 'm'));
  });

  it.each(pages.filter((page) => /^docs\/[^/]+$/.test(page)))('links to %s', (page) => {
    expect(readme).toContain(`](${page})`);
  });
});

describe('docs/http.md', () => {
  const page = read('docs/http.md');

  it.each(routes)('documents $method $path', ({ method, path }) => {
    const shown = path.replaceAll(/:(\w+)/g, '<$1>');
    expect(page).toContain(`\`${method} ${shown}\``);
  });

  it.each([...problemCodes])('documents the error code %s', (code) => {
    expect(page).toContain(`\`${code}\``);
  });
});

describe('docs/command-line.md', () => {
  const ours = Object.entries(scripts).filter(([, started]) => started.includes('./cli/'));

  it.each(ours)('documents npm run %s', (name) => {
    expect(read('docs/command-line.md')).toMatch(new RegExp(`^\\| \`npm run (?:--silent )?${name}\\b`, 'm'));
  });
});

describe('docs/publishing.md', () => {
  it.each([...jobStatuses, ...packageStates])('explains the state %s', (state) => {
    expect(read('docs/publishing.md')).toContain(`\`${state}\``);
  });
});

describe('docs/promises.md', () => {
  it('names for every promise tests that exist', () => {
    const promises = read('docs/promises.md')
      .split(/\n(?=- \*\*)/)
      .slice(1);
    expect(promises.length).toBeGreaterThanOrEqual(7);
    const unproved = promises.filter((promise) => listProofs(promise).length === 0);
    expect(unproved).toEqual([]);
    const missing = promises.flatMap(listProofs).filter(({ title, file }) => !hasTest(file, title));
    expect(missing).toEqual([]);
  });

  it('gives for every kind of faults test files that exist', () => {
    const rows = read('docs/promises.md').match(/^\| (?!kind |---).+ \|$/gm) ?? [];
    expect(rows.length).toBeGreaterThanOrEqual(30);
    const files = rows.map((row) => [...row.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, file = '']) => file));
    expect(rows.filter((_, index) => (files[index] ?? []).length === 0)).toEqual([]);
    const missing = files
      .flat()
      .filter((file) => !file.endsWith('.test.ts') || !existsSync(join(root, file)));
    expect(missing).toEqual([]);
  });
});

function listProofs(promise: string): readonly { readonly title: string; readonly file: string }[] {
  const links = promise.matchAll(/\[`([^`]+)`\]\(\.\.\/([^)]+\.test\.ts)\)/g);
  return [...links].map(([, title = '', file = '']) => ({ title, file }));
}

/** Returns whether the file has this title (`what is described › what it does`, as vitest prints it). */
function hasTest(file: string, title: string): boolean {
  if (!existsSync(join(root, file))) return false;
  const known = titlesOf(read(file));
  return title.split(' › ').every((part) => known.includes(part));
}

/** Returns the first arguments of `it` and `describe`, also of `it.each(…)`. */
function titlesOf(source: string): readonly string[] {
  const strings =
    /\b(?:it|test|describe)(?:\.\w+)*(?:\([^'"`]*\))?\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`([^`]*)`)/g;
  return [...source.matchAll(strings)].map(([, single, double, template]) =>
    (single ?? double ?? template ?? '').replaceAll(/\\(.)/g, '$1'),
  );
}

describe('the Markdown pages', () => {
  it.each(pages)('%s links to files that exist', (page) => {
    const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const local = targets.filter((target) => !/^(https?:|mailto:|#)/.test(target));
    const missing = local.filter(
      (target) => !existsSync(join(root, dirname(page), target.replace(/#.*$/, ''))),
    );
    expect(missing).toEqual([]);
  });

  it.each(pages)('%s links to headings that exist', (page) => {
    const missing = [...read(page).matchAll(/\]\(([^)\s#]*\.md|)#([^)\s]+)\)/g)].filter(
      ([, file = '', anchor]) => {
        const target = file === '' ? page : join(dirname(page), file);
        return !headingsOf(read(target)).includes(anchor ?? '');
      },
    );
    expect(missing.map(([link]) => link)).toEqual([]);
  });

  it.each(pages)('%s names only npm commands that package.json has', (page) => {
    const named = [...read(page).matchAll(/\bnpm run ([a-z][a-z:-]*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

/** Returns the anchors of headings, as GitHub makes them. */
function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('docs', () => {
  it.each(pages.filter((page) => !page.startsWith('docs/decisions/')))(
    '%s never tells an operator to write SQL',
    (page) => {
      const statement =
        /\bsqlite3\b|\b(?:select\s.+\sfrom|update\s\w+\sset|delete\s+from|(?:insert|replace)\s+into)\s/is;
      const shown = [...read(page).matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([code]) => code);
      expect(shown.filter((code) => statement.test(code))).toEqual([]);
    },
  );
});

describe('docs/architecture.md', () => {
  it('leads from a dispatch to its report through few enough files to be read in one go', () => {
    const steps = read('docs/architecture.md').match(/^\d+\. \[[^\]]+\]\(\.\.\/src\/[^)]+\.ts\): /gm) ?? [];
    expect(steps.length).toBeGreaterThanOrEqual(20);
    expect(steps.length).toBeLessThanOrEqual(35);
  });
});

describe('src/domain/GLOSSARY.md', () => {
  const entries = read('src/domain/GLOSSARY.md').match(/^- .+$/gm) ?? [];

  it('explains each word once, in one line', () => {
    const words = entries.map((entry) => /^- \*\*([a-z-]+)\*\*: \S/.exec(entry)?.[1]);
    expect(words.length).toBeGreaterThanOrEqual(30);
    expect(words).not.toContain(undefined);
    expect(new Set(words).size).toBe(words.length);
  });

  it('names only types and functions that the code has', () => {
    const code = sources.map(readProject).join('\n');
    const named = entries.flatMap((entry) => [
      ...entry.matchAll(/`([A-Za-z]*[a-z][A-Z][A-Za-z]*|[A-Z][a-z]+)`/g),
    ]);
    const missing = named.filter(([, name = '']) => !new RegExp(`\\b${name}\\b`).test(code));
    expect(named.length).toBeGreaterThanOrEqual(20);
    expect(missing.map(([, name]) => name)).toEqual([]);
  });
});

describe('docs/decisions', () => {
  const decisions = pages.filter((page) => page.startsWith('docs/decisions/'));

  it('are numbered, and no number is used twice', () => {
    const numbers = decisions.map((page) => /\/(\d{4})-[a-z0-9-]+\.md$/.exec(page)?.[1]);
    expect(numbers).not.toContain(undefined);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.length).toBeGreaterThanOrEqual(11);
  });

  it('give the reason for every dependency of the program', () => {
    const { dependencies } = JSON.parse(read('package.json')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const table = read('docs/decisions/0002-dependencies.md');
    expect(Object.keys(dependencies).filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
  });

  it.each(decisions)('%s says why, what, and what follows', (page) => {
    const text = read(page);
    expect(text).toMatch(/^# \d{4} /);
    for (const heading of ['## Context', '## Decision', '## Consequences'])
      expect(text).toContain(`\n${heading}\n`);
  });

  it.each(decisions)('%s is listed in docs/architecture.md', (page) => {
    expect(read('docs/architecture.md')).toContain(`(${page.replace('docs/', '')})`);
  });
});

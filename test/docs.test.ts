import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { jobStatuses, packageStates } from '../src/domain/job/report.ts';
import { problemCodes } from '../src/http/problem.ts';
import { routes } from '../src/http/routes/index.ts';
import { migrations } from '../src/store/engine/migrations/index.ts';
import { listReasons, tables } from './docs-tables.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
/** `UPDATE_DOCS=1 npx vitest run test/docs.test.ts` writes the generated tables instead of comparing them. */
const isUpdating = process.env['UPDATE_DOCS'] === '1';

describe('generated tables', () => {
  it.each(tables)(
    '$name in $file is what the code says (UPDATE_DOCS=1 rewrites it)',
    ({ name, file, table }) => {
      const begin = `<!-- generated: ${name} -->\n\n`;
      const end = `\n\n<!-- end of ${name} -->`;
      const [before = '', after = ''] = read(file).split(begin);
      const [shown = '', ...rest] = after.split(end);
      expect(rest).toHaveLength(1);
      if (isUpdating) writeFileSync(join(root, file), before + begin + table + end + rest.join(''));
      expect(isUpdating ? table : shown).toBe(table);
    },
  );
});

describe('failures', () => {
  it('have a title and a remedy for every reason', () => {
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

  it.each(routes)('documents $method $path', ({ method, path }) => {
    const shown = path.replaceAll(/:(\w+)/g, '<$1>');
    expect(readme).toContain(`\`${method} ${shown}\``);
  });

  it.each([...problemCodes])('documents the error code %s', (code) => {
    expect(readme).toContain(`\`${code}\``);
  });

  it.each([...jobStatuses, ...packageStates])('explains the state %s', (state) => {
    expect(readme).toContain(`\`${state}\``);
  });

  it('gives for every promise tests that exist', () => {
    const section = /\n## Promises\n([\s\S]+?)\n## /.exec(readme)?.[1] ?? '';
    const promises = section.split(/\n(?=- \*\*)/).slice(1);
    expect(promises.length).toBeGreaterThanOrEqual(7);
    const unproved = promises.filter((promise) => listProofs(promise).length === 0);
    expect(unproved).toEqual([]);
    const missing = promises.flatMap(listProofs).filter(({ title, file }) => !hasTest(file, title));
    expect(missing).toEqual([]);
  });
});

function listProofs(promise: string): readonly { readonly title: string; readonly file: string }[] {
  const links = promise.matchAll(/\[`([^`]+)`\]\(([^)]+\.test\.ts)\)/g);
  return [...links].map(([, title = '', file = '']) => ({ title, file }));
}

/** `what is described › what it does`, as vitest prints it. */
function hasTest(file: string, title: string): boolean {
  if (!existsSync(join(root, file))) return false;
  const known = titlesOf(read(file));
  return title.split(' › ').every((part) => known.includes(part));
}

/** First arguments of `it` and `describe`, `it.each(…)` included. */
function titlesOf(source: string): readonly string[] {
  const strings =
    /\b(?:it|test|describe)(?:\.\w+)*(?:\([^'"`]*\))?\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`([^`]*)`)/g;
  return [...source.matchAll(strings)].map(([, single, double, template]) =>
    (single ?? double ?? template ?? '').replaceAll(/\\(.)/g, '$1'),
  );
}

const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(root, file)));

describe('pages', () => {
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

  it.each(pages)('%s names commands of package.json only', (page) => {
    const { scripts } = JSON.parse(read('package.json')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const named = [...read(page).matchAll(/\bnpm run ([a-z][a-z:-]*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

/** As GitHub makes anchors of them. */
function headingsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('docs/operations.md', () => {
  const statements = [...read('docs/operations.md').matchAll(/^sqlite3 (?:-readonly )?\S+ "([^"]+)"/gm)]
    .map(([, statement = '']) => statement)
    .filter((statement) => !statement.startsWith('.'));

  it('shows SQL that our database understands', () => {
    const database = new Sqlite(':memory:');
    for (const { sql } of migrations) database.exec(sql);
    expect(statements.length).toBeGreaterThanOrEqual(3);
    for (const statement of statements) database.prepare(statement);
    database.close();
  });
});

describe('decisions', () => {
  const decisions = pages.filter((page) => page.startsWith('docs/decisions/'));

  it('are numbered without a second of the same number', () => {
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

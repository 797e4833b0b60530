import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProject, root } from './source-files.ts';

describe('the text of the project', () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\0')
    // Leaves out files that git lists but that are deleted.
    .filter((file) => file !== '' && existsSync(join(root, file)));

  /** Written in pieces, because otherwise this file would contain the unwanted text itself. */
  const unwanted = [
    {
      what: 'a public package registry',
      pattern: new RegExp(['registry\\.', '(npmjs|yarnpkg)\\.'].join('')),
    },
    {
      what: 'the folder of somebody’s machine',
      pattern: new RegExp(['/work', '/(main|shared)\\b'].join('')),
    },
    {
      what: 'the home of somebody',
      pattern: new RegExp(['(?<![\\w.])/(Users|home)', '/(?!node\\b)\\w+/'].join('')),
    },
  ];

  it.each(unwanted)('does not name $what', ({ pattern }) => {
    const found = files.filter((file) => pattern.test(readProject(file)));
    expect(found).toEqual([]);
  });

  it('lies only in known folders and files, so that nobody’s notes are committed with it', () => {
    const known = new Set(
      `.ci .dockerignore .env.example .gitignore .npmrc .oxlintrc.json CHANGELOG.md CONTRIBUTING.md Dockerfile README.md SECURITY.md
      bench biome.json data docs examples findings package-lock.json package.json sandbox src test tsconfig.json
      vitest.browser.config.ts vitest.config.ts vitest.full.config.ts`.split(/\s+/),
    );
    const found = new Set(files.map((file) => file.split('/')[0] ?? ''));
    expect(found.difference(known)).toEqual(new Set());
  });

  it('is what these searches look through', () => {
    expect(files).toContain('package-lock.json');
    expect(files).toContain('src/main.ts');
  });

  it('is in files whose names say what is in them', () => {
    const vague = files.filter((file) => /(^|\/)(utils?|helpers?|common|types|misc)\.ts$/.test(file));
    expect(vague).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { insertEntry } from '../../../src/domain/changelog/insert-entry.ts';

function publish(text: string, version = '1.1.0'): string {
  const inserted = insertEntry(text, { version, date: '2026-02-03', body: '- Doors', moved: [] });
  if (inserted.kind !== 'inserted') throw new Error('it was there');
  return inserted.text;
}

const host = 'https://h.test/studio/tools';

/** Links that compare with the newest version, before and after 1.1.0. */
const compared: readonly (readonly [string, string, string])[] = [
  ['GitHub', `${host}/compare/v1.0.0...HEAD`, `${host}/compare/v1.1.0...HEAD`],
  ['GitHub without v', `${host}/compare/1.0.0...main`, `${host}/compare/1.1.0...main`],
  ['GitHub with two dots', `${host}/compare/v1.0.0..HEAD`, `${host}/compare/v1.1.0..HEAD`],
  [
    'tags with the package’s name',
    `${host}/compare/com.studio.core@1.0.0...HEAD`,
    `${host}/compare/com.studio.core@1.1.0...HEAD`,
  ],
  [
    'tags with an escaped at sign',
    `${host}/compare/core%401.0.0...HEAD`,
    `${host}/compare/core%401.1.0...HEAD`,
  ],
  ['tags with a folder', `${host}/compare/core/v1.0.0...HEAD`, `${host}/compare/core/v1.1.0...HEAD`],
  ['a prerelease before', `${host}/compare/v1.0.0-beta.1...HEAD`, `${host}/compare/v1.1.0...HEAD`],
  ['a version that was skipped', `${host}/compare/v0.3.0...HEAD`, `${host}/compare/v1.1.0...HEAD`],
  [
    'GitLab',
    `${host}/-/compare/v1.0.0...main?from_project_id=12`,
    `${host}/-/compare/v1.1.0...main?from_project_id=12`,
  ],
  ['Bitbucket', `${host}/branches/compare/HEAD%0Dv1.0.0`, `${host}/branches/compare/HEAD%0Dv1.1.0`],
  ['Bitbucket with dots', `${host}/compare/HEAD..v1.0.0`, `${host}/compare/HEAD..v1.1.0`],
  [
    'Azure DevOps',
    `${host}/branchCompare?baseVersion=GTv1.0.0&targetVersion=GBmain`,
    `${host}/branchCompare?baseVersion=GTv1.1.0&targetVersion=GBmain`,
  ],
  ['Gitea', `${host}/compare/v1.0.0...main`, `${host}/compare/v1.1.0...main`],
  [
    'a repository called compare',
    'https://h.test/o/compare/compare/v1.0.0...HEAD',
    'https://h.test/o/compare/compare/v1.1.0...HEAD',
  ],
];

describe('the link that compares Unreleased with the newest version', () => {
  it.each(compared)('is updated in the heading: %s', (_what, before, after) => {
    const text = `# Changelog\n\n## [Unreleased](${before})\n\n## [1.0.0] - 2026-01-01\n\n- First\n`;
    expect(publish(text)).toContain(`## [Unreleased](${after})\n\n## [1.1.0] - 2026-02-03\n`);
  });

  it.each(compared)('is updated at the end of the file: %s', (_what, before, after) => {
    const text = `# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - 2026-01-01\n\n- First\n\n[unreleased]: ${before}\n`;
    expect(publish(text)).toContain(`\n[unreleased]: ${after}\n`);
  });

  it('is left alone when it names no version, a later one, or compares nothing', () => {
    for (const url of [
      `${host}/compare/main...HEAD`,
      `${host}/compare/v2.0.0...HEAD`,
      `${host}/tree/v1.0.0`,
    ]) {
      expect(publish(`## [Unreleased](${url})\n\n## [1.0.0] - 2026-01-01\n`)).toContain(`(${url})\n`);
    }
  });

  it('is updated in a file that has no version yet', () => {
    expect(publish(`## [Unreleased](${host}/compare/v1.0.0...HEAD)\n\n- x\n`)).toContain(
      'compare/v1.1.0...HEAD',
    );
  });
});

describe('the link of the new version', () => {
  it('compares with the only earlier version when the link of Unreleased did', () => {
    const text = `## [Unreleased]\n\n## [1.0.0] - 2026-01-01\n\n- First\n\n[unreleased]: ${host}/compare/v1.0.0...HEAD\n[1.0.0]: ${host}/releases/tag/v1.0.0\n`;
    expect(publish(text)).toContain(
      `[unreleased]: ${host}/compare/v1.1.0...HEAD\n[1.1.0]: ${host}/compare/v1.0.0...v1.1.0\n[1.0.0]: ${host}/releases/tag/v1.0.0\n`,
    );
  });

  it.each([
    ['GitHub', 'compare/v0.9.0...v1.0.0', 'compare/v1.0.0...v1.1.0'],
    ['Bitbucket', 'branches/compare/v1.0.0%0Dv0.9.0', 'branches/compare/v1.1.0%0Dv1.0.0'],
    [
      'Azure DevOps',
      'branchCompare?baseVersion=GTv0.9.0&targetVersion=GTv1.0.0',
      'branchCompare?baseVersion=GTv1.0.0&targetVersion=GTv1.1.0',
    ],
    ['the first commit', 'compare/a1b2c3d...v1.0.0', 'compare/v1.0.0...v1.1.0'],
  ])(
    'compares with the version before, in a heading and at the end of the file: %s',
    (_what, before, after) => {
      const inline = `## [1.0.0](${host}/${before}) (2026-01-01)\n\n- First\n`;
      expect(publish(inline)).toContain(`## [1.1.0](${host}/${after}) (2026-02-03)\n`);
      const listed = `## [1.0.0] - 2026-01-01\n\n- First\n\n[1.0.0]: ${host}/${before}\n`;
      expect(publish(listed)).toContain(`[1.1.0]: ${host}/${after}\n[1.0.0]: ${host}/${before}\n`);
    },
  );

  it('leaves Unreleased unchanged for a maintenance version', () => {
    const text = `## [Unreleased](${host}/compare/v2.0.0...HEAD)\n\n## [2.0.0] - 2026-01-02\n\n## [1.0.0] - 2026-01-01\n`;
    expect(publish(text, '1.0.1')).toContain('compare/v2.0.0...HEAD');
  });
});

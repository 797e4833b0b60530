/** One way in which people keep a changelog, and what becomes of it when a version is put in. */
export interface Shape {
  readonly title: string;
  readonly text: string;
  /** The version that is put in; 1.3.0 unless told. */
  readonly version?: string;
  /** The first line of the new heading. */
  readonly heading: string;
  /** The line (content) right in front of which the entry stands; undefined: nothing follows but link definitions. */
  readonly before: string | undefined;
}

const intro = '# Changelog\n\nAll notable changes are written down here.\n\n';

/** Shapes of public Unity packages, told in words of our own. */
export const shapes: readonly Shape[] = [
  {
    title: 'Keep a Changelog with an empty Unreleased',
    text: `${intro}## [Unreleased]\n\n## [1.2.0] - 2024-03-01\n\n### Added\n\n- Doors\n`,
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'no Unreleased',
    text: `${intro}## [1.2.0] - 2024-03-01\n### Fixed\n- A crash\n\n## [1.1.0] - 2024-01-01\n- First\n`,
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'versions without brackets',
    text: `${intro}## 1.2.0 - 2024-03-01\n\n- Doors\n`,
    heading: '## 1.3.0 - 2026-02-03',
    before: '## 1.2.0 - 2024-03-01',
  },
  {
    title: 'a v before the version',
    text: '# CHANGELOG\n\n## v1.2.0\n\n- Doors\n\n## v1.1.0\n\nThe first one.\n',
    heading: '## v1.3.0',
    before: '## v1.2.0',
  },
  {
    title: 'a v inside brackets',
    text: '# Changelog\n\nWhat changed\n\n## [v1.2.0]\n\n### Changes\n\n- Doors\n',
    heading: '## [v1.3.0]',
    before: '## [v1.2.0]',
  },
  {
    title: 'a date in parentheses',
    text: '# Changelog\n\n## v1.2.0 (2024-03-01)\n### Feature\n* **core:** Doors\n',
    heading: '## v1.3.0 (2026-02-03)',
    before: '## v1.2.0 (2024-03-01)',
  },
  {
    title: 'compare links in the headings of a release tool',
    text:
      '## [1.2.0](https://host.test/o/r/compare/1.1.0...1.2.0) (2024-03-01)\n\n\n### Features\n\n* doors ([abc](https://host.test/c/abc))\n\n' +
      '# [1.1.0](https://host.test/o/r/compare/1.0.0...1.1.0) (2024-01-01)\n\n\n### Bug Fixes\n\n* walls\n',
    heading: '## [1.3.0](https://host.test/o/r/compare/1.2.0...1.3.0) (2026-02-03)',
    before: '## [1.2.0](https://host.test/o/r/compare/1.1.0...1.2.0) (2024-03-01)',
  },
  {
    title: 'patches below the level of their sections',
    text: '# Changelog\n\n### [1.2.1](///compare/v1.2.0...v1.2.1) (2024-03-01)\n\n### Bug Fixes\n\n* walls\n\n## [1.2.0](///compare/v1.1.0...v1.2.0) (2024-02-01)\n',
    heading: '### [1.3.0](///compare/v1.2.1...v1.3.0) (2026-02-03)',
    before: '### [1.2.1](///compare/v1.2.0...v1.2.1) (2024-03-01)',
  },
  {
    title: 'release links in the headings',
    text: '# Changelog\n\n## [1.2.0](https://host.test/o/r/releases/tag/1.2.0) - 2024-03-01  \n\n### Changed\n\n- Update ([#19](https://host.test/19))  \n    - Doors\n',
    heading: '## [1.3.0](https://host.test/o/r/releases/tag/1.3.0) - 2026-02-03',
    before: '## [1.2.0](https://host.test/o/r/releases/tag/1.2.0) - 2024-03-01  ',
  },
  {
    title: 'an em dash',
    text: '# Changelog\n\n## [1.2.0] — 2024-03-01\n### Added\n- Doors\n',
    heading: '## [1.3.0] — 2026-02-03',
    before: '## [1.2.0] — 2024-03-01',
  },
  {
    title: 'a date with slashes, month first',
    text: '# Changelog\n\n## [1.2.0] - 4/23/2024\n\nFirst!\n',
    heading: '## [1.3.0] - 02/03/2026',
    before: '## [1.2.0] - 4/23/2024',
  },
  {
    title: 'a date with slashes, year first',
    text: '# Changelog\n\n## [1.2.0] - 2024/03/01\n\n- Doors\n',
    heading: '## [1.3.0] - 2026/02/03',
    before: '## [1.2.0] - 2024/03/01',
  },
  {
    title: 'a date with points, day first',
    text: '# Changelog\n\n## [1.2.0] - 01.03.2024\n\n- Doors\n',
    heading: '## [1.3.0] - 03.02.2026',
    before: '## [1.2.0] - 01.03.2024',
  },
  {
    title: 'a short month in front of the day',
    text: '### 1.2.0 - Mar 23 2024\n\n* ![NEW] doors\n\n### 1.1.0 - Jan 10 2024\n\n* walls\n',
    heading: '### 1.3.0 - Feb 3 2026',
    before: '### 1.2.0 - Mar 23 2024',
  },
  {
    title: 'a long month with a comma',
    text: '# Release notes\n\n## Version 1.2.0 (March 1st, 2024)\n\n- Doors\n',
    heading: '## Version 1.3.0 (February 3, 2026)',
    before: '## Version 1.2.0 (March 1st, 2024)',
  },
  {
    title: 'the word Version without a date',
    text: '# Release notes\n\n## Version 1.2.0\n\n#### New\n\n- Doors\n\n## Version 1.1.0\n',
    heading: '## Version 1.3.0',
    before: '## Version 1.2.0',
  },
  {
    title: 'the name of the package in the headings',
    text: '# com.studio.tool\n\n## com.studio.tool 1.2.0 - 2024-03-01\n\n- Doors\n',
    heading: '## com.studio.tool 1.3.0 - 2026-02-03',
    before: '## com.studio.tool 1.2.0 - 2024-03-01',
  },
  {
    title: 'the name of the package with an at sign',
    text: '# Changelog\n\n## [com.studio.tool@1.2.0] - 2024-03-01\n\n- Doors\n',
    heading: '## [com.studio.tool@1.3.0] - 2026-02-03',
    before: '## [com.studio.tool@1.2.0] - 2024-03-01',
  },
  {
    title: 'first-level headings for versions',
    text: '# 1.2.0\n\n- Doors\n\n# 1.1.0\n\n- Walls\n',
    heading: '# 1.3.0',
    before: '# 1.2.0',
  },
  {
    title: 'underlined headings',
    text: 'Changelog\n=========\n\n1.2.0 / 2024-03-01\n------------------\n\n- Doors\n\n1.1.0 / 2024-01-01\n------------------\n\n- Walls\n',
    heading: '1.3.0 / 2026-02-03',
    before: '1.2.0 / 2024-03-01',
  },
  {
    title: 'versions in bold only',
    text: '# Changelog\n\n**1.2.0** (2024-03-01)\n- Doors\n\n**1.1.0** (2024-01-01)\n- Walls\n',
    heading: '**1.3.0** (2026-02-03)',
    before: '**1.2.0** (2024-03-01)',
  },
  {
    title: 'bare version lines',
    text: 'v1.2.0\n- Doors\n\nv1.1.0\n- Walls\n',
    heading: 'v1.3.0',
    before: 'v1.2.0',
  },
  {
    title: 'bare version lines with a colon',
    text: 'Release history\n\n1.2.0:\n  * Doors\n\n1.1.0:\n  * Walls\n',
    heading: '1.3.0:',
    before: '1.2.0:',
  },
  {
    title: 'no space behind the number signs',
    text: '##1.2.0\n- Doors\n\n##1.1.0\n- Walls\n',
    heading: '##1.3.0',
    before: '##1.2.0',
  },
  {
    title: 'closing number signs',
    text: '# Changelog #\n\n## 1.2.0 ##\n\n- Doors\n',
    heading: '## 1.3.0',
    before: '## 1.2.0 ##',
  },
  {
    title: 'two numbers only',
    text: '# Changelog\n\n## 1.2\n\n- Doors\n\n## 1.1\n',
    heading: '## 1.3.0',
    before: '## 1.2',
  },
  {
    title: 'prereleases',
    text: '# Changelog\n\n## [1.3.0-preview.2] - 2024-03-01\n\n- Doors\n\n## [1.3.0-preview] - 2024-01-01\n',
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.3.0-preview.2] - 2024-03-01',
  },
  {
    title: 'a code name behind the date',
    text: '# Changelog\n\n## [1.2.0] - 2024-03-01 - The Door Update\n\n- Doors\n',
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01 - The Door Update',
  },
  {
    title: 'an emoji before the version',
    text: '# Changelog\n\n## 🎉 1.2.0 - 2024-03-01\n\n- Doors\n',
    heading: '## 🎉 1.3.0 - 2026-02-03',
    before: '## 🎉 1.2.0 - 2024-03-01',
  },
  {
    title: 'oldest first',
    text: '# History\n\n## 1.0.0\n\n- First\n\n## 1.2.0\n\n- Doors\n',
    heading: '## 1.3.0',
    before: undefined,
  },
  {
    title: 'a maintenance version below newer ones',
    text: `${intro}## [2.0.0] - 2024-05-01\n\n- Roofs\n\n## [1.2.0] - 2024-03-01\n\n- Doors\n`,
    version: '1.2.1',
    heading: '## [1.2.1] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'link definitions at the bottom',
    text: `${intro}## [Unreleased]\n\n## [1.2.0] - 2024-03-01\n\n- Doors\n\n[Unreleased]: https://host.test/compare/v1.2.0...HEAD\n[1.2.0]: https://host.test/compare/v1.1.0...v1.2.0\n`,
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'code fences whose content looks like a heading',
    text: `${intro}\`\`\`md\n## [9.9.9] - 2020-01-01\n\`\`\`\n\n## [1.2.0] - 2024-03-01\n\n~~~csharp\n# 1.5.0\n\`\`\`\n## 1.6.0\n~~~\n`,
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'a fence inside a list item',
    text: `${intro}## [1.2.0] - 2024-03-01\n\n- Call it:\n\n    \`\`\`csharp\n    ## [1.7.0]\n    \`\`\`\n- Doors\n`,
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'a template in a comment',
    text: '# Changelog\n\n<!--\n## [X.Y.Z] - date\n## [9.0.0] - 2020-01-01\n-->\n\n## [1.2.0] - 2024-03-01\n\n- Doors\n',
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'a placeholder comment of a release tool',
    text: '# Changelog\n\n<!--next-version-placeholder-->\n\n## v1.2.0 (2024-03-01)\n\n* Doors\n',
    heading: '## v1.3.0 (2026-02-03)',
    before: '## v1.2.0 (2024-03-01)',
  },
  {
    title: 'front matter',
    text: '---\ntitle: Changes\nversion: 9.9.9\n---\n# Changelog\n\n## [1.2.0] - 2024-03-01\n\n- Doors\n',
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'verbatim HTML',
    text: '# Changelog\n\n<pre>\n## 8.0.0\n</pre>\n\n## [1.2.0] - 2024-03-01\n\n- Doors\n',
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'a collapsed older part',
    text: '# Changelog\n\n## [1.2.0] - 2024-03-01\n\n- Doors\n\n<details>\n<summary>Older</summary>\n\n## [1.1.0] - 2024-01-01\n\n- Walls\n\n</details>\n',
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'Windows line endings',
    text: '# Changelog\r\n\r\n## [1.2.0] - 2024-03-01\r\n\r\n- Doors\r\n',
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'line endings of both kinds',
    text: '# Changelog\r\n\r\n## [1.2.0] - 2024-03-01\n\r\n- Doors\r\n',
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'a byte order mark',
    text: '\uFEFF# Changelog\n\n## [1.2.0] - 2024-03-01\n\n- Doors\n',
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'a byte order mark right before the first version',
    text: '\uFEFF## 1.2.0\n\n- Doors\n',
    heading: '## 1.3.0',
    before: '## 1.2.0',
  },
  {
    title: 'no line ending at the end',
    text: '# Changelog\n\n## [1.2.0] - 2024-03-01\n- Doors',
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'a title only',
    text: '# Changelog\n',
    heading: '## [1.3.0] - 2026-02-03',
    before: undefined,
  },
  {
    title: 'a title that points elsewhere',
    text: '# Changelog\n\nSee the releases page.\n',
    heading: '## [1.3.0] - 2026-02-03',
    before: undefined,
  },
  {
    title: 'badges above the title',
    text: '[![badge](https://host.test/b.svg)](https://host.test)\n\n# Changelog\n\n## Notes\n\nRead me.\n',
    heading: '## [1.3.0] - 2026-02-03',
    before: '## Notes',
  },
  {
    title: 'no heading at all',
    text: '- doors\n- walls\n',
    heading: '## [1.3.0] - 2026-02-03',
    before: undefined,
  },
  {
    title: 'another language',
    text: '# 更新履歴\n\n## [1.2.0] - 2024-03-01\n\n### 追加\n\n- ドア\n',
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'a heading that tells of two versions',
    text: '# Changelog\n\n## Upgrading from 1.0.0 to 1.2.0\n\nRename it.\n\n## [1.2.0] - 2024-03-01\n\n- Doors\n',
    heading: '## [1.3.0] - 2026-02-03',
    before: '## [1.2.0] - 2024-03-01',
  },
  {
    title: 'only Unreleased, with link definitions behind',
    text: `${intro}## [Unreleased]\n\n[Unreleased]: https://host.test/compare/HEAD\n`,
    heading: '## [1.3.0] - 2026-02-03',
    before: undefined,
  },
  {
    title: 'an Unreleased in other words',
    text: '# Changelog\n\n## Upcoming\n\n## 1.2.0\n\n- Doors\n',
    heading: '## 1.3.0',
    before: '## 1.2.0',
  },
  {
    title: 'horizontal rules between versions',
    text: '# Changelog\n\n## 1.2.0\n\n- Doors\n\n***\n\n## 1.1.0\n\n- Walls\n',
    heading: '## 1.3.0',
    before: '## 1.2.0',
  },
  {
    title: 'a table of versions above',
    text: '# Changelog\n\n| version | date |\n| --- | --- |\n| 1.2.0 | 2024 |\n\n## 1.2.0\n\n- Doors\n',
    heading: '## 1.3.0',
    before: '## 1.2.0',
  },
];

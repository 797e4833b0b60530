import type { Shape } from './shapes.ts';

/** How most files begin. */
export const intro = '# Changelog\n\nAll notable changes are written down here.\n\n';

/** How people write the headings of versions, and in which order. */
export const shapesOfHeadings: readonly Shape[] = [
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
];

import type { Shape } from './shapes.ts';
import { intro } from './shapes-of-headings.ts';

/** Files with other contents: fences, comments, links, byte order marks, or nothing at all. */
export const shapesOfFiles: readonly Shape[] = [
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

import { meta } from '../../../sandbox/unity-repository.ts';
import type { RuleCase } from './rule-case.ts';
import { version } from './sample-package.ts';

const long = `Runtime/${'a'.repeat(140)}.txt`;
const pluginMeta = `${meta('dll')}`.replace('DefaultImporter', 'PluginImporter');
/** Meta of a plug-in as editors up to 2022 write it. */
const everywhere = `${pluginMeta}  platformData:\n  - first:\n      Any: \n    second:\n      enabled: 1\n      settings: {}\n`;
/** Meta of a plug-in as Unity 6 writes it. */
const editorOnly = `${pluginMeta}  platformData:\n    Any:\n      enabled: 0\n      settings: {}\n    Editor:\n      enabled: 1\n`;

/** Makes the head of a portable executable with a CLI header. */
function managed(content: string): Buffer {
  const bytes = Buffer.alloc(600);
  bytes.write('MZ');
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.writeUInt16LE(0x10b, 0x98);
  bytes.writeUInt32LE(0x2000, 0x98 + 96 + 14 * 8);
  bytes.write(content, 590);
  return bytes;
}

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12345\n`;

const committed = (...paths: readonly string[]) => paths.map((path) => ({ path, mode: '100644' as const }));
const textsOnly = {
  bare: Object.fromEntries(
    [
      'Runtime.meta',
      'Runtime/Example.cs',
      'Runtime/Example.cs.meta',
      'Runtime/Com.Studio.Core.asmdef',
      'Runtime/Com.Studio.Core.asmdef.meta',
    ].map((path) => [path, undefined]),
  ),
};

/** Cases of rules about packing, paths, texts, sizes and what never belongs in a package. */
export const fileCases: readonly RuleCase[] = [
  {
    rule: 'lfs.pointer',
    what: 'a pointer in place of a library',
    trips: { files: { 'Runtime/Native.dll': pointer } },
    finding: { severity: 'block', file: 'Runtime/Native.dll' },
    nearly: { files: { 'Runtime/Notes.txt': `about ${pointer}` } },
  },
  {
    rule: 'sign.stale-attestation',
    what: 'the signature of other bytes',
    trips: { committed: [{ path: '.attestation.p7m', mode: '100644' }] },
    finding: { severity: 'warn', file: '.attestation.p7m' },
    nearly: { committed: [{ path: 'Runtime/.attestation.p7m', mode: '100644' }] },
    isComparison: true,
  },
  {
    rule: 'pack.secret-scan',
    what: 'an environment file',
    trips: { bare: { '.env': 'TOKEN=1\n' } },
    finding: { severity: 'block', file: '.env' },
    nearly: { bare: { '.env.example': 'TOKEN=\n' } },
  },
  {
    rule: 'pack.gitignore-dropped',
    what: 'a library that only its meta was packed of',
    trips: {
      bare: { 'Runtime/Native.dll.meta': pluginMeta },
      committed: [{ path: 'Runtime/Native.dll', mode: '100644' }],
    },
    finding: { severity: 'block', file: 'Runtime/Native.dll' },
    nearly: { committed: [{ path: 'Tests~/Data.json', mode: '100644' }] },
  },
  ...(['Editor/Build/Tool.cs', 'Plugins/Build/libtool.dylib', 'Runtime/Build/Tool.asmdef'] as const).map(
    (path): RuleCase => {
      const folder = path.slice(0, path.lastIndexOf('/'));
      return {
        rule: 'pack.gitignore-dropped',
        what: `a folder that is gone with its ${path.slice(path.lastIndexOf('.'))} while its meta ships`,
        trips: {
          bare: { [`${folder}.meta`]: meta(folder) },
          committed: committed(path, `${path}.meta`),
          around: {
            whyNot: {
              ignored: new Map([[folder, { file: '.npmignore', line: 3, pattern: 'build/' }]]),
              idle: [],
            },
          },
        },
        finding: { severity: 'block', file: folder },
        nearly: { committed: committed(path, `${path}.meta`, `${folder}.meta`) },
      };
    },
  ),
  {
    rule: 'pack.gitignore-dropped',
    what: 'a folder of notes that is gone while its meta ships, which only warns',
    trips: { bare: { 'Editor/Notes.meta': meta('notes') }, committed: committed('Editor/Notes/a.json') },
    finding: { severity: 'warn', file: 'Editor/Notes' },
    nearly: {},
  },
  {
    rule: 'pack.gitignore-dropped',
    what: 'a folder of other packages that is gone while its meta ships, which only warns',
    trips: {
      bare: { 'Packages.meta': meta('packages') },
      committed: committed('Packages/com.studio.a/package.json', 'Packages/com.studio.a/Runtime/A.cs'),
    },
    finding: { severity: 'warn', file: 'Packages' },
    nearly: {},
  },
  {
    rule: 'pack.empty',
    what: 'nothing but texts, though the commit has scripts',
    trips: { ...textsOnly, committed: committed('Runtime/Example.cs', 'Runtime.meta') },
    finding: { severity: 'block', file: 'package.json' },
    nearly: {
      ...textsOnly,
      committed: committed(
        'Packages/com.studio.a/package.json',
        'Packages/com.studio.a/Runtime/A.cs',
        'Demo/ProjectSettings/ProjectVersion.txt',
        'Demo/Assets/A.cs',
        'Samples~/A/A.cs',
        'Tests/Tests.cs',
        'renovate.json',
        'CONTRIBUTING.md',
        'CONTRIBUTING.md.meta',
      ),
    },
    isComparison: true,
  },
  {
    rule: 'pack.empty',
    what: 'nothing, by a line of an ignore file',
    trips: {
      ...textsOnly,
      committed: committed('Runtime/logo.png', 'Runtime/logo.png.meta'),
      around: {
        whyNot: { ignored: new Map([['Runtime', { file: '.npmignore', line: 1, pattern: '*' }]]), idle: [] },
      },
    },
    finding: { severity: 'block', file: '.npmignore' },
    nearly: textsOnly,
    isComparison: true,
  },
  {
    rule: 'pack.files-unmatched',
    what: 'an entry that differs from a folder of code in capitals',
    trips: {
      manifest: { files: ['editor'] },
      committed: committed('Editor/Tool.cs'),
      around: { whyNot: { ignored: new Map(), idle: [{ entry: 'editor', meant: 'Editor' }] } },
    },
    finding: { severity: 'block', file: 'package.json', subject: 'editor' },
    nearly: { manifest: { files: ['Editor'] }, committed: committed('Editor/Tool.cs') },
    isComparison: true,
  },
  ...['./', 'Extras'].map(
    (entry): RuleCase => ({
      rule: 'pack.files-unmatched',
      what: `${JSON.stringify(entry)}, which matches nothing`,
      trips: {
        manifest: { files: [entry] },
        around: { whyNot: { ignored: new Map(), idle: [{ entry, meant: undefined }] } },
      },
      finding: { severity: 'warn', file: 'package.json', subject: entry },
      nearly: {},
      isComparison: true,
    }),
  ),
  {
    rule: 'pack.files-allowlist',
    what: 'a list that forgets the meta of a folder',
    trips: {
      manifest: { files: ['Runtime'] },
      bare: { 'Runtime.meta': undefined },
      committed: [{ path: 'Runtime.meta', mode: '100644' }],
    },
    finding: { severity: 'warn', file: 'Runtime.meta' },
    nearly: {
      manifest: { files: ['Runtime', 'Runtime.meta'] },
      committed: [
        { path: 'Tests/Tests.cs', mode: '100644' },
        { path: 'Tests.meta', mode: '100644' },
      ],
    },
    isComparison: true,
  },
  ...[
    '.releaserc.json',
    'release.config.mjs',
    '.changeset/brave-cats.md',
    'lerna.json',
    'cliff.toml',
    'GitVersion.yml',
  ].map(
    (path): RuleCase => ({
      rule: 'pack.forbidden',
      what: path,
      trips: { bare: { [path]: 'x' } },
      finding: { severity: 'warn', file: /^\.changeset/.exec(path)?.[0] ?? path },
      nearly: {
        files: { 'Runtime/Cliff.cs': '//', 'Runtime/Release.config.txt': 'x', 'Runtime/Lerna.json': '{}' },
      },
    }),
  ),
  ...['.github/workflows/ci.yml', '.editorconfig', 'Library/cache.bin', 'Runtime/a.orig', '.DS_Store'].map(
    (path): RuleCase => ({
      rule: 'pack.forbidden',
      what: path,
      trips: { bare: { [path]: 'x' } },
      finding: { severity: 'warn', file: /^(?:\.github|Library)/.exec(path)?.[0] ?? path },
      nearly: { files: { 'Runtime/Library/Original.txt': 'x', 'Runtime/Objects/obj.txt': 'x' } },
    }),
  ),
  {
    rule: 'pkg.nested',
    what: 'a package inside of the package',
    trips: { files: { 'Runtime/Sub/package.json': '{}' } },
    finding: { severity: 'warn', file: 'Runtime/Sub/package.json' },
    nearly: { bare: { 'Tools~/package.json': '{}' } },
  },
  {
    rule: 'path.symlink',
    what: 'a link to a script',
    trips: {
      bare: { 'Runtime/Link.cs.meta': meta('link') },
      committed: [{ path: 'Runtime/Link.cs', mode: '120000' }],
    },
    finding: { severity: 'block', file: 'Runtime/Link.cs' },
    nearly: { committed: [{ path: '.tools/Link.cs', mode: '120000' }] },
  },
  {
    rule: 'path.symlink',
    what: 'a link to a licence, which only warns',
    trips: {
      files: { 'LICENSE.md': undefined },
      bare: { 'LICENSE.meta': meta('licence') },
      committed: [{ path: 'LICENSE', mode: '120000' }],
    },
    finding: { severity: 'warn', file: 'LICENSE' },
    nearly: {},
  },
  {
    rule: 'path.case-collision',
    what: 'two files that Windows takes for one',
    trips: { files: { 'Runtime/example.cs': '//\n' } },
    finding: { severity: 'block', file: 'Runtime/example.cs' },
    nearly: { files: { 'Runtime/Ä.txt': 'x', 'Runtime/ä.txt': 'x' } },
  },
  {
    rule: 'path.length',
    what: 'a very long path',
    trips: { files: { [long]: 'x' } },
    finding: { severity: 'warn', file: long },
    nearly: { bare: { [`Documentation~/${long}`]: 'x' } },
  },
  ...[
    'Runtime/a:b.txt',
    'Runtime/a\u0007.txt',
    'Runtime/a.',
    'Runtime/aux.txt',
    'Runtime/Com1',
    'Runtime/a\\b',
  ].map(
    (path): RuleCase => ({
      rule: 'path.illegal',
      what: JSON.stringify(path),
      trips: { files: { [path]: 'x' } },
      finding: { severity: 'block', file: path },
      nearly: {
        files: { 'Runtime/auxiliary.txt': 'x', 'Runtime/com10.txt': 'x', 'Runtime/a b & ü.txt': 'x' },
      },
    }),
  ),
  {
    rule: 'path.illegal',
    what: 'decomposed letters, which only warn',
    trips: { files: { 'Runtime/u\u0308.txt': 'x' } },
    finding: { severity: 'warn' },
    nearly: { files: { 'Runtime/ü.txt': 'x' } },
  },
  {
    rule: 'text.conflict-marker',
    what: 'an unfinished merge',
    trips: {
      files: { 'Runtime/Extra.cs': 'class A {\r\n<<<<<<< HEAD\r\n=======\r\n>>>>>>> other\r\n}\r\n' },
    },
    finding: { severity: 'block', file: 'Runtime/Extra.cs', line: 2 },
    nearly: { files: { 'Runtime/Extra.cs': '// <<<<<<< HEAD\n=======\n<<<<<<<\n' } },
  },
  {
    rule: 'text.conflict-marker',
    what: 'a page about merges, which only warns',
    trips: { files: { 'Merging.md': '<<<<<<< HEAD\n' } },
    finding: { severity: 'warn', file: 'Merging.md', line: 1 },
    nearly: { files: { 'Runtime/Data.bytes': '<<<<<<< HEAD\n' } },
  },
  {
    rule: 'changelog.entry',
    what: 'a changelog without this version',
    trips: { files: { 'CHANGELOG.md': '# Changelog\n\n## [1.0.0] - 2026-01-01\n\n- x\n' } },
    finding: { severity: 'warn', file: 'CHANGELOG.md' },
    nearly: { files: { 'CHANGELOG.md': `Version ${version}\n=======\n\n* x\n\n## 1.1.0\n` } },
  },
  {
    rule: 'changelog.entry',
    what: 'something unreleased in a stable version',
    trips: {
      files: { 'CHANGELOG.md': `# Log\n\n## [Unreleased]\n\n- a\n\n## [${version}] - 2026-01-01\n\n- b\n` },
    },
    finding: { severity: 'warn', subject: 'unreleased', line: 3 },
    nearly: {
      files: { 'CHANGELOG.md': `# Log\n\n## [Unreleased]\n\n## [${version}] - 2026-01-01\n\n- b\n` },
    },
  },
  {
    rule: 'changelog.entry',
    what: 'an older version in front',
    trips: { files: { 'CHANGELOG.md': `# Log\n\n## 1.0.0\n\n- a\n\n## ${version}\n\n- b\n\n## 0.9.0\n` } },
    finding: { severity: 'warn', line: 3 },
    nearly: {
      files: { 'CHANGELOG.md': `# Log\n\n## 0.9.0\n\n- a\n\n## 1.0.0\n\n- b\n\n## ${version}\n\n- c\n` },
    },
  },
  {
    rule: 'license.file',
    what: 'no licence file',
    trips: { files: { 'LICENSE.md': undefined } },
    finding: { severity: 'warn' },
    nearly: {
      files: { 'LICENSE.md': undefined, 'Terms.txt': 'x' },
      manifest: { license: 'SEE LICENSE IN Terms.txt' },
    },
  },
  ...['./LICENSE.md', '<LICENSE.md>', 'license.md', '/LICENSE.md'].map(
    (path): RuleCase => ({
      rule: 'license.file',
      what: `a licence file that is not there, written like ${path}`,
      trips: { manifest: { license: `SEE LICENSE IN ${path}x` } },
      finding: { severity: 'warn', file: 'package.json' },
      nearly: { manifest: { license: `SEE LICENSE IN ${path}` } },
    }),
  ),
  {
    rule: 'license.file',
    what: 'a licence file that was left out',
    trips: {
      manifest: { license: 'SEE LICENSE IN Terms.txt', files: ['Runtime'] },
      committed: committed('Terms.txt'),
    },
    finding: {
      message:
        '"license" refers to Terms.txt, which was left out: "files" in package.json does not name it; keep that file',
    },
    nearly: { manifest: { license: 'SEE LICENSE IN https://studio.test/terms' } },
    isComparison: true,
  },
  {
    rule: 'license.file',
    what: 'an identifier that is none, for the details',
    trips: { manifest: { license: 'Ours' } },
    finding: { severity: 'info', file: 'package.json', subject: 'identifier' },
    nearly: { manifest: { license: '(MIT OR Apache-2.0)' } },
  },
  {
    rule: 'readme.file',
    what: 'no readme',
    trips: { files: { 'README.md': undefined } },
    finding: { severity: 'info' },
    nearly: { files: { 'README.md': undefined, Readme: 'x' } },
  },
  {
    rule: 'size.tarball',
    what: 'a large tarball',
    trips: { around: { tarballBytes: 60_000_000 } },
    finding: { severity: 'warn' },
    nearly: { around: { tarballBytes: 50_000_000 } },
  },
  {
    rule: 'size.file',
    what: 'a file above 1 GB',
    trips: { files: { 'Runtime/Film.mp4': 'x' }, bytes: { 'Runtime/Film.mp4': 1_000_000_001 } },
    finding: { severity: 'block', file: 'Runtime/Film.mp4' },
    nearly: { files: { 'Runtime/Small.mp4': 'x' }, bytes: { 'Runtime/Small.mp4': 9_000_000 } },
  },
  {
    rule: 'size.file',
    what: 'a file that is most of the package, which only warns',
    trips: { files: { 'Runtime/Film.mp4': 'x' }, bytes: { 'Runtime/Film.mp4': 20_000_000 } },
    finding: { severity: 'warn', file: 'Runtime/Film.mp4' },
    nearly: {},
  },
  ...['Tools/Run.exe', 'Tools/setup.BAT', 'Data.zip', 'Extra.unitypackage'].map(
    (path): RuleCase => ({
      rule: 'file.restricted',
      what: path,
      trips: { files: { [path]: 'x' } },
      finding: { severity: 'warn', file: path },
      nearly: { files: { 'Runtime/Run.exe.config': 'x', 'Data.zip.txt': 'x' } },
    }),
  ),
  {
    rule: 'file.restricted',
    what: 'a library without import settings',
    trips: { files: { 'Runtime/Native.dll': 'x' } },
    finding: { severity: 'warn', file: 'Runtime/Native.dll' },
    nearly: { files: { 'Runtime/Native.dll': 'x' }, bare: { 'Runtime/Native.dll.meta': pluginMeta } },
  },
  ...(
    [
      ['Runtime/Json.dll', 'Plugins/json.DLL', '2'],
      ['Runtime/Json.dll', 'Plugins/Newtonsoft.dll', '1'],
    ] as const
  ).map(
    ([one, two, kind]): RuleCase => ({
      rule: 'dll.duplicate',
      what: `${one} and ${two}`,
      trips: {
        files: { [one]: managed('1'), [two]: managed(kind) },
        bare: { [`${one}.meta`]: pluginMeta, [`${two}.meta`]: everywhere },
      },
      finding: { severity: 'warn' },
      nearly: {
        files: { [one]: managed('1'), [two]: managed(kind), 'Samples~/A/Json.dll': managed('1') },
        bare: { [`${one}.meta`]: everywhere, [`${two}.meta`]: editorOnly },
      },
    }),
  ),
  {
    rule: 'dll.duplicate',
    what: 'two libraries, of which one excludes the editor, or has a condition',
    trips: { files: { 'A/Json.dll': managed('1'), 'B/Json.dll': managed('1') } },
    finding: { severity: 'warn', file: 'B/Json.dll' },
    nearly: {
      files: {
        'A/Json.dll': managed('1'),
        'B/Json.dll': managed('1'),
        'C/Json.dll': managed('1'),
        'D/Json.dll': 'native',
      },
      bare: {
        'B/Json.dll.meta': everywhere.replace('settings: {}', 'settings:\n        Exclude Editor: 1'),
        'C/Json.dll.meta': everywhere.replace(
          '  platformData:',
          '  defineConstraints:\n  - NET_4\n  platformData:',
        ),
      },
    },
  },
  {
    rule: 'exec-bit',
    what: 'a tool that is executable',
    trips: { files: { 'Runtime/tool': 'x' }, committed: [{ path: 'Runtime/tool', mode: '100755' }] },
    finding: { severity: 'info', file: 'Runtime/tool' },
    nearly: { committed: [{ path: 'build.sh', mode: '100755' }] },
    isComparison: true,
  },
];

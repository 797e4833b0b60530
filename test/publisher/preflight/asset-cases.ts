import { expect } from 'vitest';
import { meta } from '../../../sandbox/unity-repository.ts';
import type { RuleCase } from './rule-case.ts';
import { name } from './sample-package.ts';

const cs = 'public class Extra { }\n';
const runtimeMeta = meta(`${name}/Runtime/Example.cs`);
const guidOf = (text: string): string => /guid: (\w+)/.exec(text)?.[1] ?? '';
const previous = (guids: Readonly<Record<string, string>>, version: string) => ({
  previous: { version, fields: {}, guids: new Map(Object.entries(guids)) },
});
const old = 'a7f3c09be1d84526b0f3a1c2d4e59687';
const withGuid = (guid: string): string => `fileFormatVersion: 2\nguid: ${guid}\n`;

const shared = { name: 'com.studio.other', path: 'Runtime/Example.cs', version: '3.0.0' };
const other = { name: 'com.studio.other', path: 'Runtime/Other.asmdef', version: '3.0.0' };

/** Cases of rules about metas, GUIDs, assemblies and assets. */
export const assetCases: readonly RuleCase[] = [
  {
    rule: 'meta.missing',
    what: 'a script without its meta',
    trips: { bare: { 'Runtime/Extra.cs': cs } },
    finding: { severity: 'block', file: 'Runtime/Extra.cs' },
    nearly: {
      bare: { 'Tools~/Extra.cs': cs, '.hidden/Extra.cs': cs, 'Runtime/Extra.tmp': 'x', 'Runtime/cvs/x': 'x' },
    },
  },
  {
    rule: 'meta.missing',
    what: 'a folder without its meta',
    trips: { bare: { 'Runtime.meta': undefined } },
    finding: { severity: 'block', file: 'Runtime' },
    nearly: {
      files: { 'Plugins/Native.bundle/Info.plist': 'x' },
      bare: { 'Plugins/Native.bundle/Info.plist.meta': undefined },
    },
  },
  {
    rule: 'meta.missing',
    what: 'a licence without its meta, which only warns',
    trips: { bare: { 'LICENSE.md.meta': undefined } },
    finding: { severity: 'warn', file: 'LICENSE.md' },
    nearly: {},
  },
  ...[
    'CONTRIBUTING.md',
    'CODE_OF_CONDUCT.md',
    'SECURITY.md',
    'AUTHORS',
    'NOTICE.txt',
    'Runtime/Notes.md',
    'docs',
  ].map(
    (path): RuleCase => ({
      rule: 'meta.missing',
      what: `${path} without its meta, which only warns`,
      trips: { bare: { [path === 'docs' ? 'docs/index.md' : path]: 'x' } },
      finding: { severity: 'warn', file: path },
      nearly: { bare: { 'lerna.json': '{}', '.releaserc': '{}', 'cliff.toml': 'x' } },
    }),
  ),
  ...['Security.cs', 'Runtime/notes.txt', 'Data'].map(
    (path): RuleCase => ({
      rule: 'meta.missing',
      what: `${path} without its meta`,
      trips: { bare: { [path === 'Data' ? 'Data/levels.json' : path]: 'x' } },
      finding: { severity: 'block', file: path },
      nearly: {},
    }),
  ),
  {
    rule: 'meta.orphan',
    what: 'a meta without its asset',
    trips: { bare: { 'Runtime/Gone.cs.meta': meta('gone') } },
    finding: { severity: 'warn', file: 'Runtime/Gone.cs.meta' },
    nearly: { bare: { 'Runtime/.Gone.cs.meta': meta('gone'), 'Samples~/Gone.meta': meta('gone-2') } },
  },
  {
    rule: 'meta.orphan',
    what: 'a meta of a folder that Unity does not see',
    trips: { bare: { 'Samples~.meta': meta('samples'), 'Samples~/Basic/Basic.cs': cs } },
    finding: { severity: 'warn', file: 'Samples~.meta' },
    nearly: { files: { 'Editor/Basic.asmdef': '{"name":"Basic"}' } },
  },
  {
    rule: 'meta.bom',
    what: 'a meta with a byte order mark',
    trips: { bare: { 'Runtime/Example.cs.meta': `\uFEFF${runtimeMeta}` } },
    finding: { severity: 'warn', file: 'Runtime/Example.cs.meta' },
    nearly: { files: { 'Runtime/Extra.cs': `\uFEFF${cs}` } },
  },
  {
    rule: 'meta.guid-valid',
    what: 'a GUID that is too short',
    trips: { bare: { 'Runtime/Example.cs.meta': withGuid('1234') } },
    finding: { severity: 'block', file: 'Runtime/Example.cs.meta', line: 2 },
    nearly: { bare: { 'Runtime/Example.cs.meta': withGuid(old).replaceAll('\n', '\r\n') } },
  },
  {
    rule: 'meta.guid-valid',
    what: 'something else that is called .meta',
    trips: { bare: { 'Runtime/Example.cs.meta': Buffer.from([0, 1, 2, 255, 254]) } },
    finding: { severity: 'block', file: 'Runtime/Example.cs.meta' },
    nearly: { bare: { 'Runtime/Example.cs.meta': `${runtimeMeta}${'sprite: 1\n'.repeat(100_000)}` } },
  },
  {
    rule: 'meta.guid-valid',
    what: 'a bad GUID in samples, which only warns',
    trips: { bare: { 'Samples~/A/A.cs': cs, 'Samples~/A/A.cs.meta': 'fileFormatVersion: 2\n' } },
    finding: { severity: 'warn', file: 'Samples~/A/A.cs.meta' },
    nearly: {},
  },
  {
    rule: 'guid.duplicate-in-package',
    what: 'two assets with one GUID',
    trips: { files: { 'Runtime/Extra.cs': cs }, bare: { 'Runtime/Extra.cs.meta': runtimeMeta } },
    finding: { severity: 'block', subject: guidOf(runtimeMeta) },
    nearly: { files: { 'Runtime/Extra.cs': cs } },
  },
  {
    rule: 'guid.duplicate-in-package',
    what: 'a sample with the GUID of what it was copied from, which only warns',
    trips: { bare: { 'Samples~/A/Example.cs': cs, 'Samples~/A/Example.cs.meta': runtimeMeta } },
    finding: { severity: 'warn', file: 'Samples~/A/Example.cs.meta' },
    nearly: {},
  },
  {
    rule: 'guid.duplicate-in-registry',
    what: 'a GUID of another package',
    trips: {
      around: {
        guidOwners: new Map([
          [guidOf(runtimeMeta), { name: 'com.studio.other', path: 'Runtime/Example.cs', version: '3.0.0' }],
        ]),
      },
    },
    finding: { severity: 'warn', file: 'Runtime/Example.cs', subject: 'com.studio.other' },
    nearly: {
      around: { guidOwners: new Map([[old, { name: 'com.studio.other', path: 'x', version: '3.0.0' }]]) },
    },
    isComparison: true,
  },
  ...[
    {
      what: 'GUIDs of a package of the same repository, which only is listed',
      around: { relatives: new Set(['com.studio.other']) },
      severity: 'info' as const,
      message: /keep each \.meta/,
    },
    {
      what: 'GUIDs of a package of the same commit that still has them',
      around: {
        relatives: new Set(['com.studio.other']),
        siblings: new Map([['com.studio.other', '3.0.0']]),
      },
      severity: 'warn' as const,
      message: /with its \.meta, in one of the two/,
    },
    {
      what: 'GUIDs of another package that this one was published with, too',
      around: {
        isFirst: false,
        ...previous({ 'Runtime/Example.cs': guidOf(runtimeMeta) }, '1.1.0'),
      },
      severity: 'warn' as const,
      message: /keep each \.meta/,
    },
    {
      what: 'GUIDs of another package, with a version before that nobody can read',
      around: { isFirst: false },
      severity: 'warn' as const,
      message: /keep each \.meta/,
    },
  ].map(
    ({ what, around, severity, message }): RuleCase => ({
      rule: 'guid.duplicate-in-registry',
      what,
      trips: { around: { guidOwners: new Map([[guidOf(runtimeMeta), shared]]), ...around } },
      finding: { severity, message: expect.stringMatching(message) },
      nearly: { around },
      isComparison: true,
    }),
  ),
  {
    rule: 'meta.missing',
    what: 'the meta of a script that was published, which is to come back with its GUID',
    trips: {
      bare: { 'Runtime/Example.cs.meta': undefined },
      around: previous({ 'Runtime/Example.cs': old }, '1.1.0'),
    },
    finding: {
      subject: old,
      message: expect.stringContaining(`commit that file again, with its GUID ${old}`),
    },
    nearly: {},
    isComparison: true,
  },
  {
    rule: 'meta.guid-valid',
    what: 'the broken meta of a script that was published',
    trips: {
      bare: { 'Runtime/Example.cs.meta': 'fileFormatVersion: 2\nguid: 1\n' },
      around: previous({ 'Runtime/Example.cs': old }, '1.1.0'),
    },
    finding: { message: expect.stringContaining(`with its GUID ${old}`) },
    nearly: {},
    isComparison: true,
  },
  {
    rule: 'guid.duplicate-in-package',
    what: 'a copy that sorts before the script that was published',
    trips: {
      files: { 'Runtime/A.cs': cs },
      bare: { 'Runtime/A.cs.meta': runtimeMeta },
      around: { isFirst: false, ...previous({ 'Runtime/Example.cs': guidOf(runtimeMeta) }, '1.1.0') },
    },
    finding: { file: 'Runtime/A.cs.meta', message: expect.stringContaining('delete Runtime/A.cs.meta') },
    nearly: {},
    isComparison: true,
  },
  {
    rule: 'guid.invented',
    what: 'an invented GUID, in the first version only',
    trips: { bare: { 'Runtime/Example.cs.meta': withGuid('deadbeefdeadbeefdeadbeefdeadbeef') } },
    finding: { severity: 'warn' },
    nearly: {
      bare: { 'Runtime/Example.cs.meta': withGuid('deadbeefdeadbeefdeadbeefdeadbeef') },
      around: {
        isFirst: false,
        ...previous({ 'Runtime/Example.cs': 'deadbeefdeadbeefdeadbeefdeadbeef' }, '1.1.0'),
      },
    },
  },
  {
    rule: 'asmdef.duplicate-in-registry',
    what: 'an assembly that moved here from a package of the same repository',
    trips: {
      files: { 'A/A.asmdef': '{"name":"Studio.Audio"}' },
      around: { assemblyOwners: new Map([['studio.audio', other]]), relatives: new Set([other.name]) },
    },
    finding: { severity: 'info', file: 'A/A.asmdef' },
    nearly: { files: { 'A/A.asmdef': '{"name":"Studio.Audio"}' } },
    isComparison: true,
  },
  {
    rule: 'guid.churn',
    what: 'a script with another GUID in a patch version',
    trips: { version: '1.2.1', around: previous({ 'Runtime/Example.cs': old }, '1.2.0') },
    finding: { severity: 'block', file: 'Runtime/Example.cs.meta' },
    nearly: {
      version: '1.2.1',
      around: previous({ 'Runtime/Example.cs': guidOf(runtimeMeta), 'Gone.cs': old }, '1.2.0'),
    },
    isComparison: true,
  },
  {
    rule: 'guid.churn',
    what: 'a script that moved and has another GUID since',
    trips: { version: '1.2.1', around: previous({ 'Old/Example.cs': old }, '1.2.0') },
    finding: { severity: 'warn', file: 'Runtime/Example.cs.meta' },
    nearly: {
      version: '1.2.1',
      around: previous({ 'Old/Example.cs': guidOf(runtimeMeta), 'Old/Other.cs': old }, '1.2.0'),
    },
    isComparison: true,
  },
  {
    rule: 'guid.churn',
    what: 'a script that moved from one of two places, which nobody can tell',
    trips: { around: previous({ 'Old/Example.cs': old }, '1.1.0') },
    finding: { severity: 'warn', file: 'Runtime/Example.cs.meta' },
    nearly: {
      around: previous({ 'Old/Example.cs': old, 'Older/Example.cs': `${old.slice(0, -1)}0` }, '1.1.0'),
    },
    isComparison: true,
  },
  {
    rule: 'guid.churn',
    what: 'a script with another GUID in a minor version, which only warns',
    trips: { around: previous({ 'Runtime/Example.cs': old }, '1.1.0') },
    finding: { severity: 'warn' },
    nearly: {},
    isComparison: true,
  },
  ...[
    '0123456789abcdef0123456789abcdef',
    'a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6',
    'deadbeefdeadbeefdeadbeefdeadbeef',
  ].map(
    (guid): RuleCase => ({
      rule: 'guid.invented',
      what: `the GUID ${guid}`,
      trips: { bare: { 'Runtime/Example.cs.meta': withGuid(guid) } },
      finding: { severity: 'warn', file: 'Runtime/Example.cs.meta', subject: guid },
      nearly: { bare: { 'Runtime/Example.cs.meta': withGuid('0123456ba1c4e5f6a788c9d0e1ff23b4') } },
    }),
  ),
  {
    rule: 'asmdef.present',
    what: 'a script outside of every assembly',
    trips: { files: { 'Editor/Tool.cs': cs } },
    finding: { severity: 'warn', file: 'Editor' },
    nearly: { files: { 'Runtime/Deep/Down/Extra.cs': cs }, bare: { 'Samples~/Basic/Basic.cs': cs } },
  },
  {
    rule: 'asmdef.present',
    what: 'two assemblies of one name',
    trips: { files: { 'A/A.asmdef': '{"name":"Same"}', 'B/B.asmdef': '{"name":"Same"}' } },
    finding: { severity: 'warn', file: 'B/B.asmdef' },
    nearly: { files: { 'A/A.asmdef': '{"name":"One"}', 'B/B.asmdef': '{"name":"Two"}' } },
  },
  {
    rule: 'asmdef.present',
    what: 'both lists of platforms',
    trips: {
      files: { 'A/A.asmdef': '{"name":"A","includePlatforms":["Editor"],"excludePlatforms":["WebGL"]}' },
    },
    finding: { severity: 'warn', file: 'A/A.asmdef' },
    nearly: { files: { 'A/A.asmdef': '{"name":"A","includePlatforms":["Editor"],"excludePlatforms":[]}' } },
  },
  {
    rule: 'asmdef.duplicate-in-registry',
    what: 'an assembly whose name another package has, in whatever case',
    trips: {
      files: { 'A/A.asmdef': '{"name":"Studio.Audio"}' },
      around: { assemblyOwners: new Map([['studio.audio', other]]) },
    },
    finding: { severity: 'warn', file: 'A/A.asmdef', subject: 'com.studio.other' },
    nearly: {
      files: { 'A/A.asmdef': '{"name":"Studio.Audio"}', 'Samples~/A/A.asmdef': '{"name":"Sample"}' },
      around: { assemblyOwners: new Map([['sample', other]]) },
    },
    isComparison: true,
  },
  ...['Unity.InputSystem', 'GUID:75469ad4d38634e559750d17036d5f7c', 'Studio.Audio', `GUID:${old}`].map(
    (reference): RuleCase => {
      const subject =
        reference.includes('7') && !reference.includes('a7f3') ? 'com.unity.inputsystem' : 'com.studio.other';
      const name = reference === 'Unity.InputSystem' ? 'com.unity.inputsystem' : subject;
      const referenced = new Map([
        ['Studio.Audio', other.name],
        [`GUID:${old}`, other.name],
      ]);
      const asmdef = (more: Readonly<Record<string, unknown>> = {}): string =>
        JSON.stringify({
          name: 'A',
          references: ['UnityEngine.UI', 'Unknown', 'Unity.TextMeshPro', reference],
          ...more,
        });
      return {
        rule: 'asmdef.undeclared-dependency',
        what: `a reference to ${reference} without a dependency`,
        trips: { files: { 'A/A.asmdef': asmdef() }, around: { referenced } },
        finding: { severity: 'warn', file: 'A/A.asmdef', subject: name },
        nearly: {
          files: {
            'A/A.asmdef': asmdef({ versionDefines: [{ name, expression: '', define: 'HAS_IT' }] }),
            'B/B.asmdef': asmdef({ name: 'B', defineConstraints: ['HAS_IT'] }),
            'C/C.asmdef': asmdef({ name: 'C', optionalUnityReferences: ['TestAssemblies'] }),
            'Samples~/D/D.asmdef': asmdef({ name: 'D' }),
          },
          around: { referenced },
        },
        isComparison: true,
      };
    },
  ),
  ...[new Set(['com.unity.render-pipelines.universal', other.name]), undefined].map(
    (installed): RuleCase => ({
      rule: 'asmdef.undeclared-dependency',
      what: `an assembly that may come with ${installed === undefined ? 'what nobody knows' : 'another package'}`,
      trips: { files: { 'A/A.asmdef': '{"name":"A","references":["Unity.Mathematics"]}' } },
      finding: { severity: 'warn', subject: 'com.unity.mathematics' },
      nearly: {
        files: { 'A/A.asmdef': '{"name":"A","references":["Unity.Mathematics","Studio.Audio"]}' },
        around: { installed, referenced: new Map([['Studio.Audio', other.name]]) },
      },
      isComparison: true,
    }),
  ),
  {
    rule: 'asset.binary-serialized',
    what: 'a prefab in binary form',
    trips: { files: { 'Runtime/A.prefab': Buffer.from([0, 0, 1, 2, 3, 4, 5]) } },
    finding: { severity: 'info', file: 'Runtime/A.prefab' },
    nearly: {
      files: {
        'Runtime/A.prefab': '%YAML 1.1\n',
        'Runtime/B.png': Buffer.from([0, 1]),
        'Runtime/LightingData.asset': Buffer.from([0, 1]),
        'Runtime/NavMesh.asset': Buffer.from([0, 1]),
        'Runtime/Terrain.asset': Buffer.from([0, 1]),
      },
    },
  },
  {
    rule: 'asset.resources',
    what: 'an asset in Resources',
    trips: { files: { 'Runtime/Resources/logo.png': 'x' } },
    finding: { severity: 'info', file: 'Runtime/Resources' },
    nearly: { files: { [`Runtime/Resources/${name}/logo.png`]: 'x', 'Editor/Resources/logo.png': 'x' } },
  },
];

import type { RuleCase } from './rule-case.ts';
import type { Sample } from './sample-package.ts';

const file = 'package.json';
const dependsOn = (version: string, dependency = 'com.studio.base'): Pick<Sample, 'manifest'> => ({
  manifest: { dependencies: { [dependency]: version } },
});
const previous = (fields: Readonly<Record<string, unknown>>, version: string): Pick<Sample, 'around'> => ({
  around: { previous: { version, fields, guids: new Map() } },
});
const raw = (text: string): Sample => ({ bare: { [file]: text } });
const plain =
  '{"name":"com.studio.core","version":"1.2.0","displayName":"Core","description":"Core","unity":"2022.3","license":"MIT","author":"Studio"';
const sample = { displayName: 'Basic', description: 'Shows it', path: 'Samples~/Basic' };
const inSamples = { 'Samples~/Basic/Basic.cs': '//\n' };

/** Cases of rules about package.json. */
export const manifestCases: readonly RuleCase[] = [
  {
    rule: 'manifest.json-valid',
    what: 'a key that is there twice',
    trips: raw(`${plain},\n"license":"MIT"}`),
    finding: { severity: 'warn', file, line: 2, subject: 'license' },
    nearly: raw(`${plain},"keywords":["name","name"],"repository":{"name":"x","url":"\\"name\\":"}}`),
  },
  {
    rule: 'manifest.json-valid',
    what: 'a byte order mark',
    trips: raw(`\uFEFF${plain}}`),
    finding: { severity: 'warn', file, subject: 'byte-order-mark' },
    nearly: raw(`${plain}}`),
  },
  {
    rule: 'version.prerelease-order',
    what: 'a prerelease that sorts below the last one',
    trips: { version: '1.3.0-preview10', around: { publishedAbove: ['1.3.0-preview9'] } },
    finding: { severity: 'warn', file, subject: '1.3.0-preview9' },
    nearly: { version: '1.3.0-preview.2', around: { publishedAbove: ['2.0.0', '1.4.0-preview.1', '1.3.0'] } },
    isComparison: true,
  },
  {
    rule: 'manifest.unity',
    what: 'a release where the version belongs',
    trips: { manifest: { unity: '2022.3.10f1' } },
    finding: { severity: 'block', file },
    nearly: { manifest: { unity: '6000.1', unityRelease: '0b12' } },
  },
  {
    rule: 'manifest.unity',
    what: 'no editor version, which only warns',
    trips: { manifest: { unity: undefined } },
    finding: { severity: 'warn', file },
    nearly: { manifest: { unity: '2019.4' } },
  },
  {
    rule: 'manifest.unity',
    what: 'a malformed release',
    trips: { manifest: { unityRelease: '2022.3.10f1' } },
    finding: { severity: 'block', file, subject: 'unityRelease' },
    nearly: { manifest: { unityRelease: '10f1' } },
  },
  {
    rule: 'manifest.unity-raise',
    what: 'a patch that needs a newer editor',
    trips: { version: '1.2.1', ...previous({ unity: '2021.3' }, '1.2.0') },
    finding: { severity: 'warn', file },
    nearly: { version: '1.3.0', ...previous({ unity: '2021.3' }, '1.2.0') },
    isComparison: true,
  },
  {
    rule: 'manifest.unity-raise',
    what: 'an older editor than before',
    trips: { version: '2.0.0', ...previous({ unity: '6000.0' }, '1.2.0') },
    finding: { severity: 'warn', file },
    nearly: { version: '2.0.0', ...previous({ unity: 6000 }, '1.2.0') },
    isComparison: true,
  },
  {
    rule: 'manifest.deps-patch-change',
    what: 'a patch that adds a dependency',
    trips: { version: '1.2.1', ...dependsOn('1.0.0', 'com.unity.burst'), ...previous({}, '1.2.0') },
    finding: { severity: 'warn', file, subject: 'com.unity.burst' },
    nearly: {
      version: '1.2.1',
      ...dependsOn('1.0.7', 'com.unity.burst'),
      ...previous({ dependencies: { 'com.unity.burst': '1.0.0' } }, '1.2.0'),
    },
    isComparison: true,
  },
  {
    rule: 'manifest.required-text',
    what: 'no description',
    trips: { manifest: { description: ' ' } },
    finding: { severity: 'warn', file, subject: 'description' },
    nearly: {
      manifest: {
        author: 'Somebody <somebody@studio.test>',
        license: undefined,
        licensesUrl: 'https://studio.test',
      },
    },
  },
  {
    rule: 'manifest.required-text',
    what: 'a key that nobody knows, for the details',
    trips: { manifest: { dependancies: {} } },
    finding: { severity: 'info', file, subject: 'keys' },
    nearly: { manifest: { keywords: ['short'], repository: 'https://studio.test/core.git', _upm: {} } },
  },
  {
    rule: 'manifest.dist-key',
    what: 'what a registry wrote',
    trips: { manifest: { dist: { shasum: 'x' } } },
    finding: { severity: 'block', file, subject: 'dist' },
    nearly: { manifest: { _fingerprint: 'x', files: undefined } },
  },
  {
    rule: 'manifest.registry',
    what: 'another registry',
    trips: { manifest: { publishConfig: { registry: 'https://elsewhere.test' } } },
    finding: { severity: 'warn', file },
    nearly: { manifest: { publishConfig: { registry: 'https://packages.studio.test' } } },
  },
  {
    rule: 'scripts.present',
    what: 'a script that npm runs by itself',
    trips: { manifest: { scripts: { test: 'x', prepack: 'node build.js' } } },
    finding: { severity: 'warn', file },
    nearly: { manifest: { scripts: { test: 'x', 'build:install': 'x' } } },
  },
  ...['^1.0.0', '*', 'latest', '1.0', 'file:../base', 'https://studio.test/base.git#1.0.0'].map(
    (version): RuleCase => ({
      rule: 'deps.exact',
      what: `the dependency ${version}`,
      trips: dependsOn(version),
      finding: { severity: 'block', file, subject: 'com.studio.base' },
      nearly: dependsOn('1.0.0-pre.1'),
    }),
  ),
  {
    rule: 'deps.exact',
    what: 'default outside of a feature',
    trips: dependsOn('default'),
    finding: { severity: 'block' },
    nearly: { manifest: { type: 'feature', dependencies: { 'com.unity.burst': 'default' } } },
  },
  {
    rule: 'deps.available',
    what: 'a package of ours that nobody published',
    trips: {
      ...dependsOn('1.0.0'),
      around: { availability: new Map([['com.studio.base', 'no-such-package']]) },
    },
    finding: { severity: 'block', file, subject: 'com.studio.base@1.0.0' },
    nearly: {
      ...dependsOn('1.0.0'),
      around: { availability: new Map([['com.studio.base', 'available']]) },
    },
  },
  {
    rule: 'deps.available',
    what: 'a version that stands in the commit and nowhere else',
    trips: {
      ...dependsOn('1.0.0'),
      around: {
        availability: new Map([['com.studio.base', 'no-such-version']]),
        siblings: new Map([['com.studio.base', '1.0.0']]),
      },
    },
    finding: { severity: 'block', file, subject: 'com.studio.base@1.0.0' },
    nearly: {
      ...dependsOn('1.0.0'),
      around: {
        availability: new Map([['com.studio.base', 'available']]),
        siblings: new Map([['com.studio.base', '1.0.0']]),
      },
    },
  },
  {
    rule: 'deps.available',
    what: 'a package of ours where nothing is sent, which only warns',
    trips: {
      ...dependsOn('1.0.0'),
      around: { availability: new Map([['com.studio.base', 'no-such-version']]), isTrial: true },
    },
    finding: { severity: 'warn', subject: 'com.studio.base@1.0.0' },
    nearly: { ...dependsOn('1.0.0'), around: { availability: new Map(), isTrial: true } },
  },
  {
    rule: 'deps.available',
    what: 'a version of ours that was removed from the registry',
    trips: {
      ...dependsOn('1.0.0'),
      around: { availability: new Map([['com.studio.base', 'withdrawn']]), isTrial: true },
    },
    finding: { severity: 'block', subject: 'com.studio.base@1.0.0' },
    nearly: { ...dependsOn('1.0.0'), around: { availability: new Map([['com.studio.base', 'available']]) } },
  },
  {
    rule: 'deps.available',
    what: 'a package outside of our scopes that a registered repository publishes',
    trips: {
      ...dependsOn('1.0.0', 'com.others.base'),
      around: {
        availability: new Map([['com.others.base', 'no-such-package']]),
        ours: new Set(['com.others.base']),
      },
    },
    finding: { severity: 'block', subject: 'com.others.base@1.0.0' },
    nearly: {
      ...dependsOn('1.0.0', 'com.others.base'),
      around: { availability: new Map(), ours: new Set(['com.others.base']) },
    },
  },
  {
    rule: 'deps.available',
    what: 'a package of somebody else, which only warns',
    trips: {
      ...dependsOn('1.0.0', 'com.others.base'),
      around: { availability: new Map([['com.others.base', 'no-such-package']]) },
    },
    finding: { severity: 'warn', subject: 'com.others.base@1.0.0' },
    nearly: {
      ...dependsOn('1.0.0', 'com.others.base'),
      around: { availability: new Map([['com.others.base', 'unknown']]) },
    },
  },
  {
    rule: 'deps.available',
    what: 'a module that Unity never had',
    trips: dependsOn('1.0.0', 'com.unity.modules.phisics'),
    finding: { severity: 'warn', subject: 'com.unity.modules.phisics@1.0.0' },
    nearly: {
      manifest: { dependencies: { 'com.unity.modules.physics': '1.0.0', 'com.unity.burst': '1.8.0' } },
    },
  },
  {
    rule: 'deps.internal-stale',
    what: 'an older version than the same commit has',
    trips: { ...dependsOn('1.0.0'), around: { siblings: new Map([['com.studio.base', '1.1.0']]) } },
    finding: { severity: 'warn', file, subject: 'com.studio.base' },
    nearly: { ...dependsOn('1.1.0'), around: { siblings: new Map([['com.studio.base', '1.1.0']]) } },
    isComparison: true,
  },
  {
    rule: 'deps.phase',
    what: 'a stable version on a prerelease',
    trips: dependsOn('2.0.0-pre.1', 'com.unity.burst'),
    finding: { severity: 'warn', file, subject: 'com.unity.burst' },
    nearly: { version: '1.2.0-pre.1', ...dependsOn('2.0.0-pre.1', 'com.unity.burst') },
  },
  {
    rule: 'manifest.samples',
    what: 'a sample that is not there',
    trips: { manifest: { samples: [sample] } },
    finding: { severity: 'block', file, subject: 'Samples~/Basic' },
    nearly: { manifest: { samples: [sample] }, bare: inSamples },
  },
  {
    rule: 'manifest.samples',
    what: 'a sample without a description, which only warns',
    trips: { manifest: { samples: [{ ...sample, description: '' }] }, bare: inSamples },
    finding: { severity: 'warn', subject: 'Samples~/Basic' },
    nearly: { manifest: { samples: [{ ...sample, path: './Samples~/Basic/' }] }, bare: inSamples },
  },
  {
    rule: 'manifest.samples',
    what: 'a list that is none',
    trips: { manifest: { samples: { Basic: sample } } },
    finding: { severity: 'warn' },
    nearly: { manifest: { samples: [] } },
  },
  {
    rule: 'samples.visible',
    what: 'samples that everybody compiles',
    trips: { files: { 'Samples/Basic/Basic.asmdef': '{"name":"Basic"}' } },
    finding: { severity: 'warn', file: 'Samples' },
    nearly: { bare: inSamples },
  },
];

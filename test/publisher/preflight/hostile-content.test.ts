import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, type Sample } from './sample-package.ts';

const megabyte = 1024 * 1024;

/** Samples that are meant to make some pattern backtrack for ever. */
const hostile: readonly (readonly [string, Sample])[] = [
  [
    'a meta of 7 MB in one line',
    { bare: { 'Runtime/Example.cs.meta': 'fileFormatVersion: 2'.repeat(360_000) } },
  ],
  [
    'a meta of spaces',
    { bare: { 'Runtime/Example.cs.meta': `fileFormatVersion: 2\nguid:${' '.repeat(megabyte)}` } },
  ],
  ['a meta of endless importers', { bare: { 'Runtime/Example.cs.meta': `A${'Importer'.repeat(100_000)}` } }],
  ['a meta that is binary', { bare: { 'Runtime/Example.cs.meta': Buffer.alloc(megabyte, 0xff) } }],
  ['a path as deep as git allows', { bare: { [`${'d/'.repeat(1_900)}Resources/x.cs`]: 'x' } }],
  ['a path of one long name', { files: { [`Runtime/${'Resources'.repeat(400)}`]: 'x' } }],
  [
    'an assembly definition of one line',
    { files: { 'Runtime/A.asmdef': `{"name":"${'a'.repeat(megabyte)}"` } },
  ],
  ['an assembly definition of brackets', { files: { 'Runtime/A.asmdef': '['.repeat(megabyte) } }],
  ['a script of nothing but markers', { files: { 'Runtime/A.cs': ' <<<<<<< '.repeat(megabyte / 9) } }],
  ['a changelog of one line', { files: { 'CHANGELOG.md': '# ['.repeat(300_000) } }],
  ['a changelog of headings', { files: { 'CHANGELOG.md': '## [1.2.0\n'.repeat(90_000) } }],
  ['a licence field of half a megabyte', { manifest: { license: 'MIT OR '.repeat(70_000) } }],
  ['a licence that points far', { manifest: { license: `SEE LICENSE IN ${' x'.repeat(200_000)}` } }],
  [
    'ten thousand samples',
    { manifest: { samples: Array.from({ length: 3_000 }, (_, at) => ({ path: `Samples~/${at}/` })) } },
  ],
  ['a sample of slashes', { manifest: { samples: [{ path: '/'.repeat(500_000) }] } }],
  [
    'fields of the wrong kind',
    {
      manifest: {
        samples: [null, 1, []],
        author: [],
        keywords: ['x'],
        unityRelease: {},
        scripts: [],
        publishConfig: 1,
        license: {},
        type: 1,
      },
    },
  ],
  ['a registry that is no address', { manifest: { publishConfig: { registry: 'http://[' } } }],
  ['keys of a prototype', { manifest: { constructor: 'x', toString: 1, hasOwnProperty: null } }],
  [
    'dependencies without end',
    {
      manifest: {
        dependencies: Object.fromEntries(
          Array.from({ length: 5_000 }, (_, at) => [`com.x.p${at}`, '9'.repeat(80)]),
        ),
      },
    },
  ],
];

describe('hostile content in a package', () => {
  it.each(hostile)('is judged without trouble: %s', { timeout: 20_000 }, async (_what, sample) => {
    const before = process.cpuUsage();
    const { findings } = await judge(sample);
    const { user } = process.cpuUsage(before);
    expect(user / 1000).toBeLessThan(3_000);
    for (const { message } of findings) expect(message.length).toBeLessThan(10_000);
  });

  it('never makes a rule throw, whatever bytes stand in the place of a meta, a manifest or an assembly', async () => {
    const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
    await fc.assert(
      fc.asyncProperty(bytes, bytes, bytes, fc.jsonValue(), async (meta, asmdef, changelog, value) => {
        const { findings } = await judge({
          manifest: {
            samples: value,
            author: value,
            license: value,
            unityRelease: value,
            publishConfig: value,
            scripts: value,
          },
          bare: {
            'Runtime/Example.cs.meta': meta,
            'Runtime/Com.Studio.Core.asmdef': asmdef,
            'CHANGELOG.md': changelog,
          },
        });
        expect(findings.every(({ message }) => message.length > 10)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

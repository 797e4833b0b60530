import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TreeFile, type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { outcomesOf, packageOf } from '../world/report-reading.ts';
import { manifestOf } from '../world/tarballs.ts';
import { type HostileWorld, startHostileWorld } from './hostile-world.ts';

let hostile: HostileWorld;

beforeAll(async () => {
  hostile = await startHostileWorld(['studio/names', 'studio/excluded', 'studio/properties']);
});

afterAll(async () => hostile.stop());

function withManifest(folder: string, manifest: TreeFile): TreeFiles {
  return { ...unityPackage('com.studio.any', '1.0.0', { folder }), [`${folder}/package.json`]: manifest };
}

/** What an attacker gains with any of these: a service that crashes, and crashes again after each restart. */
describe('a manifest field of the wrong type', () => {
  const fatal: readonly (readonly [string, unknown])[] = [
    ['files', true],
    ['files', {}],
    ['files', [null]],
    ['files', 'Runtime'],
    ['main', {}],
    ['bin', 5],
    ['bin', { a: {} }],
    ['browser', 7],
    ['dependencies', ['a']],
    ['dependencies', { a: {} }],
    ['dependencies', null],
    ['version', 5],
    ['version', { toString: 'x' }],
    ['displayName', ['x']],
    ['keywords', 'x'],
  ];
  const odd: readonly (readonly [string, unknown])[] = [
    ['author', 5],
    ['author', { name: {} }],
    ['license', {}],
    ['repository', { url: {} }],
    ['repository', 7],
    ['engines', 'x'],
    ['directories', { bin: {} }],
    ['peerDependencies', 'x'],
    ['workspaces', true],
    ['man', {}],
    ['contributors', 'x'],
    ['readme', { a: 1 }],
    ['bundleDependencies', 'x'],
    ['optionalDependencies', { a: null }],
    ['deprecated', {}],
    ['config', 5],
    ['os', {}],
    ['private', 0],
    ['tag', {}],
    ['versions', { '9.9.9': {} }],
    ['dist-tags', { latest: '9.9.9' }],
    ['time', 'x'],
  ];

  /** Fields that the registry itself writes. */
  const registryKeys: readonly (readonly [string, unknown])[] = [
    ['dist', 'x'],
    ['_id', {}],
  ];

  it('that would crash a packer is reported by its line, each package for itself', async () => {
    const texts = fatal.map(([field, value], index) =>
      JSON.stringify({ name: `com.studio.typed.p${index}`, version: '1.0.0', [field]: value }, null, 2),
    );
    const files = texts.map((text, index) => withManifest(`Packages/typed${index}`, text));
    const job = await hostile.attack({ files: Object.assign({}, ...files) as TreeFiles });
    for (const [index, [field, value]] of fatal.entries()) {
      const name = `com.studio.typed.p${index}`;
      const item = packageOf(job, name);
      const lines = texts[index]?.split('\n') ?? [];
      const line = lines.findIndex((text) => text.startsWith(`  "${field}":`)) + 1;
      const why = `${field}: ${JSON.stringify(value)}`;
      expect(item, why).toMatchObject({ outcome: 'failed', reason: 'manifest-invalid' });
      expect(item.title, why).toContain(`Packages/typed${index}/package.json:${line}:1 "${field}" must be `);
      expect(await hostile.world.packument(name)).toBeUndefined();
    }
  });

  it('that only looks odd does no harm: the version is published as latest', async () => {
    const files = odd.map(([field, value], index) =>
      unityPackage(`com.studio.odd.p${index}`, '1.0.0', {
        folder: `Packages/odd${index}`,
        manifest: { [field]: value },
      }),
    );
    const job = await hostile.attack({ files: Object.assign({}, ...files) as TreeFiles });
    for (const [index, [field, value]] of odd.entries()) {
      const name = `com.studio.odd.p${index}`;
      const why = `${field}: ${JSON.stringify(value)}`;
      expect(packageOf(job, name), why).toMatchObject({ outcome: 'published', distTag: 'latest' });
      const packument = await hostile.world.packument(name);
      expect(packument?.['dist-tags'], why).toEqual({ latest: '1.0.0' });
      expect(Object.keys(packument?.versions ?? {}), why).toEqual(['1.0.0']);
    }
  });

  it('that only the registry may write stops its package, and no other', async () => {
    const files = registryKeys.map(([field, value], index) =>
      unityPackage(`com.studio.keys.p${index}`, '1.0.0', {
        folder: `Packages/keys${index}`,
        manifest: { [field]: value },
      }),
    );
    const job = await hostile.attack({ files: Object.assign({}, ...files) as TreeFiles });
    for (const index of registryKeys.keys()) {
      const name = `com.studio.keys.p${index}`;
      const item = packageOf(job, name);
      expect(item).toMatchObject({ outcome: 'failed', reason: 'preflight-rejected' });
      expect(item.findings.map(({ rule }) => rule)).toContain('manifest.dist-key');
      expect(await hostile.world.packument(name)).toBeUndefined();
    }
  });
});

describe('a manifest that is a bomb', () => {
  const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const huge = `{"name":"com.studio.huge","version":"1.0.0","x":"${'x'.repeat(2 * 1024 * 1024)}"}`;
  it.each([
    ['deep', `{"name":"com.studio.deep","version":"1.0.0","x":${deep(100)}}`, 'nested deeper than 64'],
    ['only brackets', '['.repeat(10_000), 'not valid JSON|is cut off'],
    ['crowded', '['.repeat(200_000), 'holds more than 20000 values'],
    ['huge', huge, 'is larger than a manifest can be'],
    ['a list', '["com.studio.list"]', 'is not a JSON object'],
    ['null', 'null', 'is not a JSON object'],
    ['empty', '', 'is cut off'],
    ['no text', Buffer.from([0xff, 0xfe, 0x00, 0x7b]), 'is not valid UTF-8'],
    ['zeros', Buffer.alloc(1000), ':1:1 is not valid JSON'],
  ])('(%s) fails with what is wrong', async (word, manifest, problem) => {
    const folder = `Packages/bomb ${word}`;
    const item = packageOf(await hostile.attack({ files: withManifest(folder, manifest) }), folder);
    expect(item).toMatchObject({ outcome: 'failed', reason: 'manifest-invalid', integrity: null });
    expect(item.title).toMatch(new RegExp(problem));
    expect(item.title?.length).toBeLessThan(300);
  });

  it('of 5,000 dependencies from elsewhere is published, and so is a circle of dependencies', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, i) => [`org.elsewhere.d${i}`, '1.0.0']),
    );
    const a = { 'com.studio.circle.b': '1.0.0', 'com.studio.circle.a': '1.0.0' };
    const b = { 'com.studio.circle.a': '1.0.0' };
    const job = await hostile.attack({
      files: {
        ...unityPackage('com.studio.many', '1.0.0', { folder: 'Packages/many', dependencies: many }),
        ...unityPackage('com.studio.circle.a', '1.0.0', { folder: 'Packages/circle-a', dependencies: a }),
        ...unityPackage('com.studio.circle.b', '1.0.0', { folder: 'Packages/circle-b', dependencies: b }),
      },
    });
    for (const name of ['com.studio.many', 'com.studio.circle.a', 'com.studio.circle.b']) {
      expect(packageOf(job, name).outcome).toBe('published');
    }
  });
});

describe('a package name', () => {
  const named = (names: readonly string[]): TreeFiles =>
    Object.assign(
      {},
      ...names.map((name, index) =>
        withManifest(`Packages/named${index}`, JSON.stringify({ name, version: '1.0.0' })),
      ),
    ) as TreeFiles;

  it('that no registry should hold is refused with a reason', async () => {
    const problems: readonly (readonly [string, string])[] = [
      ['com.studio.UpperCase', 'capital letters are not allowed'],
      [`com.studio.${'x'.repeat(5000)}`, 'it is longer than 214 characters'],
      ['com.studio..empty', 'a part between dots is empty'],
      ['com.studio.star*', 'are allowed'],
      ['com.studio.t\u043eol', 'are allowed'],
      ['com.studio.a%2f..%2fb', 'are allowed'],
      [String.raw`com.studio.a\..\b`, 'are allowed'],
      ['com.studio.a\u202eb', 'are allowed'],
      ['com.studio.a`b`', 'are allowed'],
      ['com.studio.native.bundle', 'native bundles'],
    ];
    const files = named(problems.map(([name]) => name));
    const job = await hostile.attack({ files }, 'studio/names');
    for (const [index, [name, problem]] of problems.entries()) {
      const item = job.packages.find(({ path }) => path === `Packages/named${index}`);
      expect(item, name).toMatchObject({ outcome: 'failed', reason: 'name-invalid' });
      expect(item?.title).toContain(problem);
      expect(item?.title?.length).toBeLessThan(400);
      expect(item?.name.length).toBeLessThan(400);
    }
  });

  it('that is not a Unity package’s is excluded', async () => {
    const words = ['constructor', '__proto__', 'toString', '@studio/tool', '../../evil', 'a/b.c', ''];
    const names = [...words, ' com.studio.x', 'com.studio.a b'];
    const job = await hostile.attack({ files: named(names) }, 'studio/excluded');
    expect(job.packages).toHaveLength(names.length);
    for (const item of job.packages) {
      expect(item).toMatchObject({ outcome: 'excluded', integrity: null });
      expect(item.title).toContain('Not a Unity package');
    }
  });

  it('that looks like a property of every object is a name like any other', async () => {
    const names = ['com.studio.constructor', 'com.studio.__proto__', 'com.studio.prototype'];
    const job = await hostile.attack({ files: named(names) }, 'studio/properties');
    expect(outcomesOf(job)).toEqual(Object.fromEntries(names.map((name) => [name, 'published'])));
  });

  it('like that of an object’s property may stand among the dependencies', async () => {
    const text = `{"name":"com.studio.keys","version":"1.0.0","__proto__":{"private":true,"polluted":"yes"},
      "dependencies":{"__proto__":"1.0.0","constructor":"1.0.0","hasOwnProperty":"1.0.0"}}`;
    const job = await hostile.attack({ files: withManifest('Packages/keys', text) });
    expect(packageOf(job, 'com.studio.keys').outcome).toBe('published');
    const manifest = await manifestOf(hostile.world, 'com.studio.keys');
    expect(manifest).not.toHaveProperty('polluted');
    expect(manifest['dependencies']).toMatchObject({ hasOwnProperty: '1.0.0' });
  });

  it('that occurs twice in a commit is refused at both places', async () => {
    const twice = { ...withManifest('Packages/one', '{"name":"com.studio.twice","version":"1.0.0"}') };
    const files = {
      ...twice,
      ...withManifest('Packages/two', '{"name":"com.studio.twice","version":"1.0.1"}'),
    };
    const job = await hostile.attack({ files });
    const items = job.packages.filter((item) => item.name === 'com.studio.twice');
    expect(items).toMatchObject([{ reason: 'duplicate-name' }, { reason: 'duplicate-name' }]);
    expect(items[0]?.title).toContain('Packages/one, Packages/two');
    expect(await hostile.world.packument('com.studio.twice')).toBeUndefined();
  });
});

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meta, type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { putByHand } from './by-hand.ts';
import { folderOf } from './releasing.ts';
import { packageOf } from './report-reading.ts';

let world: World;

beforeAll(async () => {
  world = await World.start({});
});

afterAll(async () => world.stop());

async function publish(name: string, files: TreeFiles, manifest: Readonly<Record<string, unknown>> = {}) {
  const tree = unityPackage(name, '1.0.0', { folder: folderOf(name), files, manifest });
  return packageOf(await world.publish({ files: tree }), name);
}

describe('a package that lost its content while it was packed', () => {
  it.each([
    ['com.studio.list.root', { files: ['./'] }, {}, '"./" in "files"'],
    ['com.studio.list.capitals', { files: ['runtime', 'editor'] }, {}, 'write it as Runtime is written'],
    [
      'com.studio.list.ignored',
      {},
      { '.npmignore': '# all\n*\n' },
      'line 2 of .npmignore ("*") leaves it out',
    ],
  ])('(%s) is stopped, and the entry or line is named', async (name, manifest, files, told) => {
    const item = await publish(name, files, manifest);
    expect(item).toMatchObject({ outcome: 'failed', reason: 'preflight-rejected' });
    expect(item.findings.map(({ rule }) => rule)).toContain('pack.empty');
    expect(item.findings.map(({ message }) => message).join('\n')).toContain(told);
    expect(await world.packument(name)).toBeUndefined();
  });

  it('does not include one that never had any: a package that only depends on others is published', async () => {
    const name = 'com.studio.everything';
    const files = Object.fromEntries(
      Object.entries(unityPackage(name, '1.0.0', { folder: folderOf(name) })).filter(
        ([path]) => !path.includes('/Runtime'),
      ),
    );
    expect(packageOf(await world.publish({ files }), name).outcome).toBe('published');
  });
});

it('a folder of code that is left out while its meta ships stops the package, with the line that left it out', async () => {
  const item = await publish('com.studio.tools', {
    '.npmignore': 'build/\n',
    'Editor.meta': meta('editor'),
    'Editor/Build.meta': meta('build'),
    'Editor/Build/B.cs': 'class B {}\n',
    'Editor/Build/B.cs.meta': meta('b'),
    'Editor/Studio.Editor.asmdef': '{"name":"Studio.Tools.Editor"}',
    'Editor/Studio.Editor.asmdef.meta': meta('asmdef'),
  });
  expect(item).toMatchObject({ outcome: 'failed', reason: 'preflight-rejected' });
  expect(item.findings).toMatchObject([
    { rule: 'pack.gitignore-dropped', severity: 'block', file: 'Editor/Build' },
  ]);
  expect(item.findings[0]?.message).toContain(
    'line 1 of .npmignore ("build/") leaves it out, since npm does not look at capitals there',
  );
});

it.each([
  ['com.studio.short', 'github:studio/shared-tools'],
  ['com.studio.folder', { directory: 'Packages/folder' }],
])('a copy of %s, whose document names another place, waits for an operator', async (name, repository) => {
  const bytes = Buffer.from('somebody published this');
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  await putByHand(world.registry, { name, version: '0.9.0', repository }, { bytes, integrity });
  const item = await publish(name, {});
  expect(item).toMatchObject({ outcome: 'failed', reason: 'name-contested' });
  expect(Object.keys((await world.packument(name))?.versions ?? {})).toEqual(['0.9.0']);
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import { pointerTo } from '../../sandbox/lfs-store.ts';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { folderOf } from './releasing.ts';
import { packageOf } from './report-reading.ts';
import { readRows } from './stored-rows.ts';
import { contentsOf } from './tarballs.ts';
import { bareOf } from './written-back.ts';

const lines = 'studio/lines';
let world: World;

beforeAll(async () => {
  world = await World.start({ repositories: [{ slug: lines, settings: { branches: ['release/*'] } }] });
}, 120_000);

afterAll(async () => world.stop());

function manifest(name: string, version: string, fields: Readonly<Record<string, unknown>> = {}): TreeFiles {
  const folder = folderOf(name);
  const files = unityPackage(name, version, { folder, manifest: fields });
  return { [`${folder}/package.json`]: files[`${folder}/package.json`] ?? '' };
}

/** Returns what the version's entry says, without references. */
function told(job: Awaited<ReturnType<World['publish']>>, name: string): readonly string[] {
  const { changelog = '' } = packageOf(job, name) as unknown as { changelog?: string };
  const bare = changelog.replaceAll(/ \(\[.*\)$/gm, '');
  return bare.split('\n').filter((line) => line.startsWith('-'));
}

describe('a version after one that was published from another branch', () => {
  it('lists only what no version has listed, once that branch was squashed into its own', async () => {
    const name = 'com.studio.lines';
    const folder = folderOf(name);
    const on = { repository: lines };
    await world.publish({ message: 'Begin', files: unityPackage(name, '1.1.0', { folder }) }, on);
    const first = world.tip(lines) ?? '';
    world.push({ message: 'Feature A', files: { [`${folder}/Runtime/A.cs`]: '// a\n' } }, lines);
    const fix = { [`${folder}/Runtime/Example.cs`]: '// fixed\n' };
    world.push({ message: 'Fix walls', branch: 'release/1.1', parent: first, files: fix }, lines);
    const bump = { message: 'Raise it', branch: 'release/1.1', files: manifest(name, '1.1.1') };
    expect(told(await world.publish(bump, on), name)).toEqual(['- Fix walls']);
    world.push({ message: 'Take over 1.1.1 (#5)', files: { ...fix, ...manifest(name, '1.1.1') } }, lines);
    world.push({ message: 'Feature B', files: { [`${folder}/Runtime/B.cs`]: '// b\n' } }, lines);
    const meta = unityPackage(name, '1.0.0', { folder })[`${folder}/Runtime/Example.cs.meta`] ?? '';
    const metas = ['A', 'B'].map((file) => [
      `${folder}/Runtime/${file}.cs.meta`,
      (meta as string).replace(/guid: .{8}/, `guid: 0000000${file.toLowerCase()}`),
    ]);
    world.push({ message: 'fixup! Feature A', files: Object.fromEntries(metas) }, lines);
    const job = await world.publish({ message: 'v1.2.0', files: manifest(name, '1.2.0') }, on);
    expect(told(job, name)).toEqual(['- Feature B', '- Feature A']);
  });
});

describe('a version with changes that were reverted', () => {
  it('lists neither change nor revert, and lists the revert of an earlier version’s change', async () => {
    const name = 'com.studio.rugs';
    const folder = folderOf(name);
    const change = (message: string, content: string) =>
      world.push({ message, files: { [`${folder}/Runtime/Example.cs`]: `// ${content}\n` } });
    await world.publish({ message: 'Begin', files: unityPackage(name, '1.0.0', { folder }) });
    change('Add lamps (#12)', 'lamps');
    await world.publish({ message: 'Version bump', files: manifest(name, '1.1.0') });
    change('Add rugs (#13)', 'rugs');
    change(`Revert "Add rugs" (#14)\n\nReverts ${world.slug}#13`, 'lamps');
    change(`Revert "Add lamps" (#15)\n\nReverts ${world.slug}#12`, 'none');
    const job = await world.publish({ message: 'Bump version to 1.2.0', files: manifest(name, '1.2.0') });
    expect(told(job, name)).toEqual(['- Reverted: Add lamps']);
    change('wip', 'something');
    const last = await world.publish({ message: 'v1.3.0', files: manifest(name, '1.3.0') });
    expect(told(last, name)).toEqual(['- Changes since 1.2.0 that no commit describes']);
  });
});

describe('a changelog that the package leaves out', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, unknown>>, TreeFiles, string])[] = [
    ['by `files`', { files: ['Runtime', 'Runtime.meta'] }, {}, '"files" in package.json'],
    [
      'by `files` that takes it out',
      { files: ['*', '!CHANGELOG.md', '!CHANGELOG.md.meta'] },
      {},
      '"files" in package.json',
    ],
    ['by .npmignore', {}, { '.npmignore': '*.md\n*.md.meta\n' }, '.npmignore'],
  ];

  it.each(cases)(
    '%s ships with its own meta, and the finding names what left it out',
    async (_how, fields, more, by) => {
      const name = `com.studio.left${cases.findIndex(([, other]) => other === fields) + 1}${Object.keys(more).length}`;
      const folder = folderOf(name);
      const files = unityPackage(name, '1.0.0', { folder, manifest: fields, files: more });
      const item = packageOf(await world.publish({ files }), name);
      expect(item).toMatchObject({ outcome: 'published' });
      expect(Reflect.get(item, 'additions')).toEqual(
        expect.arrayContaining(['CHANGELOG.md', 'CHANGELOG.md.meta']),
      );
      const packed = await contentsOf(world, name);
      for (const path of ['CHANGELOG.md', 'CHANGELOG.md.meta'])
        expect(packed.get(path)?.toString()).toBe(files[`${folder}/${path}`]);
      const said = item.findings
        .map(({ message }) => message)
        .filter((text) => text.startsWith('CHANGELOG.md'));
      expect(said).toHaveLength(2);
      for (const message of said) expect(message).toContain(`is left out by ${by}`);
      expect(said.join()).not.toMatch(/write one|commit the/);
      const raised = { ...manifest(name, '1.1.0', fields), [`${folder}/Runtime/Example.cs`]: '// 2\n' };
      await world.publish({ message: 'Second', files: raised });
      const again = await contentsOf(world, name, '1.1.0');
      expect(again.get('CHANGELOG.md')?.toString()).toContain('- Second (');
      expect(again.get('CHANGELOG.md.meta')?.toString()).toBe(files[`${folder}/CHANGELOG.md.meta`]);
    },
  );
});

describe('a changelog that Git LFS stores', () => {
  it('is read, gets its entry in the tarball, and stays a pointer in the repository', async () => {
    const name = 'com.studio.kept';
    const folder = folderOf(name);
    const text = '# Changelog\n\n## [Unreleased]\n\n- By hand\n\n## [0.9.0] - 2026-01-01\n\n- First\n';
    const pointer = world.host.lfs.put(Buffer.from(text));
    const files = { ...unityPackage(name, '1.0.0', { folder }), [`${folder}/CHANGELOG.md`]: pointer };
    const item = packageOf(await world.publish({ message: 'Begin', files }), name);
    expect(item).toMatchObject({ outcome: 'published' });
    expect(item.warnings.join()).toContain('CHANGELOG.md is a Git LFS pointer');
    const packed = (await contentsOf(world, name)).get('CHANGELOG.md')?.toString();
    expect(packed).toMatch(/## \[1\.0\.0\] - [^\n]*\n\n- By hand\n/);
    await expect
      .poll(
        () =>
          readRows(
            world,
            `select state from changelog_write_backs join changelog_entries on entry = id where name = '${name}'`,
          ),
        { timeout: 60_000 },
      )
      .toEqual([{ state: 'given-up' }]);
    const kept = gitSync(['-C', bareOf(world, world.slug), 'show', `main:${folder}/CHANGELOG.md`]);
    expect(`${kept}\n`).toBe(pointer);
  });

  it('without its object is reported as a pointer', async () => {
    const name = 'com.studio.lost';
    const folder = folderOf(name);
    const files = {
      ...unityPackage(name, '1.0.0', { folder }),
      [`${folder}/CHANGELOG.md`]: pointerTo(Buffer.from('never pushed')),
    };
    expect(packageOf(await world.publish({ files }), name)).toMatchObject({
      outcome: 'failed',
      reason: 'lfs-object-missing',
    });
  });
});

describe('something else in the place of a changelog', () => {
  const odd: readonly (readonly [string, string, TreeFiles, readonly string[], RegExp])[] = [
    [
      'a folder',
      'com.studio.odd.a',
      { 'CHANGELOG.md/1.0.0.md': 'x\n' },
      ['CHANGELOG.md'],
      /CHANGELOG\.md is a folder/,
    ],
    [
      'a hidden folder of another case',
      'com.studio.odd.b',
      { 'Changelog.md/.keep': 'x\n' },
      ['CHANGELOG.md'],
      /Changelog\.md is a folder/,
    ],
    [
      'a symbolic link',
      'com.studio.odd.c',
      { 'CHANGELOG.md': { symlink: 'README.md' } },
      [],
      /CHANGELOG\.md is a symbolic link/,
    ],
    [
      'a folder in place of its meta',
      'com.studio.odd.d',
      { 'CHANGELOG.md.meta/x.txt': 'x\n' },
      ['CHANGELOG.md.meta'],
      /CHANGELOG\.md\.meta is a folder/,
    ],
    ['a submodule', 'com.studio.odd.e', { 'CHANGELOG.md': { submodule: 'a'.repeat(40) } }, [], /submodule/i],
    [
      'a folder in place of the readme',
      'com.studio.odd.f',
      { 'README.md/x.txt': 'x\n' },
      ['README.md'],
      /README\.md is a folder/,
    ],
  ];

  it.each(odd)('(%s) is named, and never an internal error', async (_what, name, more, gone, said) => {
    const folder = folderOf(name);
    const all = unityPackage(name, '1.0.0', { folder, files: more });
    const files = Object.fromEntries(
      Object.entries(all).filter(([path]) => !gone.some((other) => path === `${folder}/${other}`)),
    );
    const item = packageOf(await world.publish({ files }), name);
    expect(item.outcome).toMatch(/^(?:published|failed)$/);
    expect(item.reason).not.toBe('internal-error');
    const words = [item.title, ...item.findings.map(({ message }) => message), ...item.warnings].join('\n');
    expect(words).toMatch(said);
    expect(words).not.toContain('the package has no CHANGELOG.md');
  });
});

import { describe, expect, it } from 'vitest';
import { pathsOf, usePackerWorld, world } from './packer-world.ts';

usePackerWorld();

const files = {
  'Runtime/A.cs': '',
  'Runtime.meta': '',
  'Editor/Build/B.cs': '',
  'Editor/Build.meta': '',
  'Editor.meta': '',
};

async function why(more: Readonly<Record<string, string>>, list?: readonly string[]) {
  const folder = await world.stage({ ...files, ...more });
  const packed = await world.pack(folder, list === undefined ? {} : { files: list });
  const ignored = [...packed.whyNot.ignored].map(
    ([path, { file, line, pattern }]) => `${path}: ${file}:${line} ${pattern}`,
  );
  return { paths: pathsOf(packed), ignored, idle: packed.whyNot.idle };
}

describe('the line that leaves a file out of a package', () => {
  it.each([
    ['build/', 'Editor/Build: .npmignore:2 build/', 'Editor/Build/B.cs'],
    ['build', 'Editor/Build: .npmignore:2 build', 'Editor/Build/B.cs'],
    ['/editor/build', 'Editor/Build: .npmignore:2 /editor/build', 'Editor/Build/B.cs'],
    ['Editor/Build/**', 'Editor/Build/B.cs: .npmignore:2 Editor/Build/**', 'Editor/Build/B.cs'],
    ['b.CS', 'Editor/Build/B.cs: .npmignore:2 b.CS', 'Editor/Build/B.cs'],
    ['**/[Bb]uild/', 'Editor/Build: .npmignore:2 **/[Bb]uild/', 'Editor/Build/B.cs'],
  ])('is named for the pattern %s, as npm reads it', async (pattern, told, gone) => {
    const { paths, ignored } = await why({ '.npmignore': `# first\n${pattern}\n!nothing\n` });
    expect(paths).not.toContain(gone);
    expect(paths).toContain('Runtime/A.cs');
    expect(ignored).toContain(told);
  });

  it('is that of a file further down, even when package.json has a `files` list', async () => {
    const { paths, ignored } = await why({ 'Editor/.npmignore': 'build\n', '.npmignore': 'Runtime\n' }, [
      '*',
    ]);
    expect(paths).toContain('Runtime/A.cs');
    expect(ignored).toContain('Editor/Build: Editor/.npmignore:1 build');
    expect(ignored.some((line) => line.startsWith('Runtime'))).toBe(false);
  });

  it('is none for what a later line keeps, and for what npm leaves out by itself', async () => {
    const { paths, ignored } = await why({ '.npmignore': 'build\n!Build\n', 'a.orig': '' });
    expect(paths).toContain('Editor/Build/B.cs');
    expect(ignored).toEqual([]);
  });
});

describe('an entry of `files` that matches nothing', () => {
  it.each(['./', '.', '/', ''])(
    'is %j, though other versions of npm take it to mean everything',
    async (entry) => {
      const { paths, idle } = await why({}, [entry]);
      expect(paths).toEqual(['package.json']);
      expect(idle).toEqual([{ entry, meant: undefined }]);
    },
  );

  it('is one that differs in capitals, and the message names what it means', async () => {
    const { paths, idle } = await why({}, ['runtime', 'EDITOR/**', 'Extras/', '!Docs']);
    expect(paths).toEqual(['package.json']);
    expect(idle).toEqual([
      { entry: 'runtime', meant: 'Runtime' },
      { entry: 'EDITOR/**', meant: expect.stringMatching(/^Editor/) },
      { entry: 'Extras/', meant: undefined },
    ]);
  });

  it.each([
    ['Runtime'],
    ['./Runtime/'],
    ['/Runtime'],
    ['Runtime/**'],
    ['**/*.cs'],
    ['*'],
    ['{Runtime,None}'],
  ])('is not %j', async (entry) => {
    const { paths, idle } = await why({}, [entry]);
    expect(paths).toContain('Runtime/A.cs');
    expect(idle).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConfigFolder, type Environment, needed, openConfigFolder } from './config-folder.ts';

let folder: ConfigFolder;

beforeEach(async () => {
  folder = await openConfigFolder();
});
afterEach(async () => folder.remove());

describe('REPOSITORIES_FILE', () => {
  const withFile: Environment = { ...needed, REPOSITORIES_FILE: 'repositories.json' };

  it('is read in the spelling of the replaced system', async () => {
    await folder.write(
      'repositories.json',
      `\uFEFF${JSON.stringify({
        repositories: [
          { url: 'https://github.com/studio/Tools.git', status: 'active', extra: 1 },
          {
            url: 'git@github.com:STUDIO/kit.git',
            status: 'pending',
            branches: ['release/*'],
            scopes: ['com.studio.kit'],
            fixes: 'staging',
          },
          { url: 'https://github.com/other-studio/x/tree/main', status: 'disabled', mode: 'shadow' },
        ],
      })}`,
    );
    expect(folder.load(withFile).config.repositories).toEqual([
      { slug: 'studio/Tools', status: 'active' },
      {
        slug: 'STUDIO/kit',
        status: 'pending',
        branches: ['release/*'],
        scopes: ['com.studio.kit'],
        fixes: 'staging',
      },
      { slug: 'other-studio/x', status: 'disabled', mode: 'shadow' },
    ]);
  });

  it('has every bad entry named by its index', async () => {
    const good = { url: 'https://github.com/studio/tools', status: 'active' };
    const repositories = [
      good,
      { url: 'https://github.com/stranger/tools', status: 'active' },
      { url: 'nonsense', status: 'active' },
      { status: 'on' },
      { ...good, url: 'https://github.com/Studio/TOOLS' },
      { ...good, url: 'https://github.com/studio/other', scopes: ['com.elsewhere'] },
      7,
    ];
    await folder.write('repositories.json', JSON.stringify({ repositories }));
    const found = folder.problems(withFile);
    expect(found.map((line) => /repositories\[(\d)\](\.\w+)?/.exec(line)?.[0])).toEqual([
      'repositories[1].url',
      'repositories[2].url',
      'repositories[3].url',
      'repositories[3].status',
      'repositories[4].url',
      'repositories[5].scopes',
      'repositories[6]',
    ]);
    expect(found[0]).toContain('outside GITHUB_OWNERS');
  });

  it.each([
    ['missing', undefined, 'ENOENT'],
    ['no JSON', '{', 'is not JSON'],
    ['another shape', '[]', 'is not {"repositories"'],
  ])('is a problem when it is %s', async (_what, text, expected) => {
    if (text !== undefined) await folder.write('repositories.json', text);
    const found = folder.problems(withFile);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain('REPOSITORIES_FILE');
    expect(found[0]).toContain(expected);
  });

  it('is not blamed for a missing GITHUB_OWNERS', async () => {
    await folder.write(
      'repositories.json',
      JSON.stringify({ repositories: [{ url: 'a/b', status: 'active' }] }),
    );
    const { GITHUB_OWNERS: _, ...env } = withFile;
    expect(folder.problems(env)).toEqual([expect.stringContaining('GITHUB_OWNERS: not set')]);
  });
});

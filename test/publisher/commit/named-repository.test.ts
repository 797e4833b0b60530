import { describe, expect, it } from 'vitest';
import { readNamedRepository } from '../../../src/publisher/commit/named-repository.ts';

const read = (text: string, server = 'https://github.com') => {
  const named = readNamedRepository(text, server);
  if (named.kind === 'here') return named.slug.toLowerCase();
  return named.kind === 'elsewhere' ? `elsewhere: ${named.owner}` : named.kind;
};

describe('the repository that a document names', () => {
  it.each([
    'studio/shared-tools',
    'github:studio/shared-tools',
    'GitHub:Studio/Shared-Tools',
    'github:studio/shared-tools.git',
    'github:studio/shared-tools#v1.0.0',
    'studio/shared-tools#semver:^1.0.0',
    'https://github.com/studio/shared-tools',
    'http://github.com/studio/shared-tools',
    'HTTPS://GitHub.com/Studio/shared-tools.git',
    'https://www.github.com/studio/shared-tools/',
    'https://github.com/studio/shared-tools.git/',
    'https://github.com/studio/shared-tools/tree/main/Packages/b',
    'https://github.com/studio/shared-tools/blob/main/package.json',
    'https://github.com/studio/shared-tools.git#main',
    'https://token:x-oauth@github.com/studio/shared-tools.git',
    'git+https://github.com/studio/shared-tools.git',
    'git+http://github.com/studio/shared-tools.git',
    'git://github.com/studio/shared-tools.git',
    'git+ssh://git@github.com/studio/shared-tools.git',
    'git+ssh://git@github.com:studio/shared-tools.git',
    'ssh://git@github.com/studio/shared-tools.git',
    'ssh://git@ssh.github.com:443/studio/shared-tools.git',
    'git@github.com:studio/shared-tools.git',
    'git@GitHub.com:studio/shared-tools.GIT',
    'github.com/studio/shared-tools',
    'www.GitHub.com/studio/shared-tools',
    'github.com:studio/shared-tools',
    ' https://github.com/studio/shared-tools ',
  ])('is read from %s', (text) => {
    expect(read(text)).toBe('studio/shared-tools');
  });

  it.each([
    'https://git.studio.test/studio/shared-tools',
    'https://git.studio.test/studio/shared-tools.git',
    'git@git.studio.test:studio/shared-tools.git',
    'ssh://git@git.studio.test:2222/studio/shared-tools.git',
    'git+ssh://git@git.studio.test/studio/shared-tools',
    'git.studio.test/studio/shared-tools',
    'https://GIT.studio.test:8443/studio/shared-tools/',
  ])('is also read on a company’s own git server: %s', (text) => {
    expect(read(text, 'https://git.studio.test')).toBe('studio/shared-tools');
    expect(read(text, 'https://git.studio.test:8443')).toBe('studio/shared-tools');
    expect(read(text)).toBe('elsewhere: studio');
  });

  it.each([
    ['gitlab:studio/shared-tools', 'studio'],
    ['gitlab:studio/group/shared-tools', 'studio'],
    ['bitbucket:studio/shared-tools', 'studio'],
    ['https://gitlab.com/studio/shared-tools.git', 'studio'],
    ['git@bitbucket.org:studio/shared-tools.git', 'studio'],
    ['https://dev.azure.com/studio/project/_git/tools', 'studio'],
    ['https://codeberg.org/studio/tools', 'studio'],
    ['gist:11081aaa281', undefined],
    ['https://gist.github.com/11081aaa281', undefined],
    ['https://example.test', undefined],
  ])('is on another host in %s', (text, owner) => {
    expect(read(text)).toBe(`elsewhere: ${owner}`);
  });

  it.each([
    'shared-tools',
    'github:shared-tools',
    'https://github.com/studio',
    'https://github.com/',
    '../tools-beside',
    './shared-tools',
    '/srv/git/shared-tools.git',
    'file:///srv/git/shared-tools.git',
    'see the wiki',
    'studio / tools',
    '{"directory":"Packages/b"}',
    '[]',
    `https://github.com/studio/${'x'.repeat(2_000)}`,
    'https://github.com/studio/%E0%A4%A',
  ])('cannot be read from %s', (text) => {
    expect(read(text)).toBe('unreadable');
  });
});

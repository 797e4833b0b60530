import { describe, expect, it } from 'vitest';
import type { RepositoryId, Slug } from '../../../src/domain/repository/repository.ts';
import { decideOwnership, type OwnershipFacts } from '../../../src/publisher/judge/ownership.ts';

const us = { repositoryId: 1 as RepositoryId, slug: 'studio/core' as Slug };
const them = { repositoryId: 2 as RepositoryId, slug: 'studio/other' as Slug };

function facts(more: Partial<OwnershipFacts>, repositoryUrl?: string): OwnershipFacts {
  const versions = new Map([['1.0.0', { version: '1.0.0', integrity: undefined }]]);
  return {
    repository: us,
    owner: undefined,
    packument: { name: 'com.studio.core', versions, distTags: {}, repositoryUrl },
    otherHolders: [],
    registered: [us.slug, them.slug],
    gitServerUrl: 'https://github.com',
    ...more,
  };
}

describe('decideOwnership', () => {
  it('lets the recorded owner publish, and nobody else', () => {
    expect(decideOwnership(facts({ owner: us }))).toEqual({ kind: 'ours' });
    expect(decideOwnership(facts({ owner: them }))).toEqual({ kind: 'theirs', slug: them.slug });
  });
  it('gives a new name to its first publisher', () => {
    expect(decideOwnership(facts({ packument: undefined, otherHolders: [them] }))).toEqual({
      kind: 'claim',
      how: 'first-publish',
    });
  });
  it('believes the repository that the registry names, in any spelling', () => {
    for (const url of [
      'git+https://github.com/Studio/Core.git',
      'git@github.com:studio/core.git',
      'studio/core',
      'github:studio/core#v1.0.0',
      'git+ssh://git@github.com/Studio/core.git/',
    ]) {
      expect(decideOwnership(facts({}, url))).toEqual({ kind: 'claim', how: 'packument' });
    }
    expect(decideOwnership(facts({}, 'https://github.com/studio/other'))).toEqual({
      kind: 'theirs',
      slug: them.slug,
    });
  });
  it('asks when a sibling repository that is not registered may own it', () => {
    expect(decideOwnership(facts({}, 'https://github.com/studio/unregistered')).kind).toBe('contested');
  });
  it.each([
    ['github:studio/unregistered', 'a sibling in npm’s short form'],
    ['gitlab:studio/core', 'the same studio on another host'],
    ['git@bitbucket.org:studio/core.git', 'the same studio on another host'],
    ['gist:11081aaa281', 'a gist, of which nobody knows whose it is'],
    ['shared tools', 'words'],
    ['{"directory":"Packages/core"}', 'no address'],
    ['/srv/git/core', 'a folder'],
  ])('asks an operator when the registry names %s: %s', (written) => {
    const contested = decideOwnership(facts({ registered: [us.slug] }, written));
    expect(contested).toEqual({
      kind: 'contested',
      holders: `the registry names ${written}, this is studio/core`,
    });
  });
  it('asks when another owner of registered repositories may be meant', () => {
    const registered = [us.slug, 'partner/game' as Slug];
    expect(decideOwnership(facts({ registered }, 'partner/tools')).kind).toBe('contested');
    expect(decideOwnership(facts({ registered }, 'elsewhere/tools')).kind).toBe('claim');
  });
  it('keeps a copy from publishing for the true owner, in whatever form the registry names that one', () => {
    for (const url of ['github:studio/other', 'studio/other#main', 'git@github.com:Studio/Other.git']) {
      expect(decideOwnership(facts({}, url))).toEqual({ kind: 'theirs', slug: them.slug });
    }
  });
  it('reads addresses of a company’s own git server', () => {
    const own = { gitServerUrl: 'https://git.studio.test' };
    expect(decideOwnership(facts(own, 'git@git.studio.test:studio/other.git')).kind).toBe('theirs');
    expect(decideOwnership(facts(own, 'https://git.studio.test/studio/core')).kind).toBe('claim');
    expect(decideOwnership(facts(own, 'https://git.studio.test/studio/new')).kind).toBe('contested');
    expect(decideOwnership(facts({}, 'https://former.studio.test/studio/new')).kind).toBe('contested');
    expect(decideOwnership(facts({}, 'https://former.studio.test/studio/other')).kind).toBe('theirs');
  });
  it('gives the name to the sole holder when the registry names an upstream or nobody', () => {
    expect(decideOwnership(facts({}, 'https://github.com/upstream/core'))).toEqual({
      kind: 'claim',
      how: 'sole-holder',
    });
    expect(decideOwnership(facts({ otherHolders: [them] })).kind).toBe('contested');
  });
});

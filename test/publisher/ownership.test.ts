import { describe, expect, it } from 'vitest';
import type { RepositoryId, Slug } from '../../src/domain/repository.ts';
import { decideOwnership, type OwnershipFacts } from '../../src/publisher/ownership.ts';

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
  it('takes the sole holder when the registry names an upstream or nobody', () => {
    expect(decideOwnership(facts({}, 'https://github.com/upstream/core'))).toEqual({
      kind: 'claim',
      how: 'sole-holder',
    });
    expect(decideOwnership(facts({ otherHolders: [them] })).kind).toBe('contested');
  });
});

import { expect, it } from 'vitest';
import type { RepositoryId, Slug } from '../../../src/domain/repository/repository.ts';
import type { OwedEntry } from '../../../src/ports/changelogs.ts';
import { wordOwed } from '../../../src/publisher/operations/word-owed.ts';

function owed(more: Partial<OwedEntry>): OwedEntry {
  const entry = { branch: 'main' } as OwedEntry['entry'];
  const base = {
    id: 1,
    repositoryId: 1 as RepositoryId,
    slug: 'studio/one' as Slug,
    job: 1,
    tries: 0,
  } as const;
  return { ...base, entry, pullRequest: undefined, detail: undefined, ...more };
}

it('owed changelogs are worded in one sentence for each repository, branch and reason, with their number', () => {
  const refused = { detail: 'the token may not write', tries: 2 };
  expect(
    wordOwed([
      owed(refused),
      owed({ pullRequest: 4, slug: 'studio/two' as Slug }),
      owed(refused),
      owed({}),
      owed({ ...refused, entry: { branch: 'release/1' } as OwedEntry['entry'] }),
    ]),
  ).toEqual([
    'studio/one: changelogs are owed to main, the token may not write (2 entries)',
    'studio/two: changelogs wait in pull request #4, merge it (1 entry)',
    'studio/one: changelogs are owed to main, not tried yet (1 entry)',
    'studio/one: changelogs are owed to release/1, the token may not write (1 entry)',
  ]);
});

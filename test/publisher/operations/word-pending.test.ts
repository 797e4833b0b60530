import { expect, it } from 'vitest';
import type { RepositoryId, Slug } from '../../../src/domain/repository/repository.ts';
import type { PendingEntry } from '../../../src/ports/changelogs.ts';
import { wordPending } from '../../../src/publisher/operations/word-pending.ts';

function pending(more: Partial<PendingEntry>): PendingEntry {
  const entry = { branch: 'main' } as PendingEntry['entry'];
  const base = {
    id: 1,
    repositoryId: 1 as RepositoryId,
    slug: 'studio/one' as Slug,
    job: 1,
    tries: 0,
  } as const;
  return { ...base, entry, pullRequest: undefined, detail: undefined, ...more };
}

it('changelogs that are owed are one sentence for each repository, branch and reason, with their number', () => {
  const refused = { detail: 'the token may not write', tries: 2 };
  expect(
    wordPending([
      pending(refused),
      pending({ pullRequest: 4, slug: 'studio/two' as Slug }),
      pending(refused),
      pending({}),
      pending({ ...refused, entry: { branch: 'release/1' } as PendingEntry['entry'] }),
    ]),
  ).toEqual([
    'studio/one: changelogs are owed to main, the token may not write (2 entries)',
    'studio/two: changelogs wait in pull request #4, merge it (1 entry)',
    'studio/one: changelogs are owed to main, not tried yet (1 entry)',
    'studio/one: changelogs are owed to release/1, the token may not write (1 entry)',
  ]);
});

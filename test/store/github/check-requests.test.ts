import { describe, expect, it } from 'vitest';
import type { CommitSha, RepositoryId } from '../../../src/domain/repository/repository.ts';
import type { CheckRequest } from '../../../src/ports/github.ts';
import { now, pass, store, useStillStore } from '../still-store.ts';

useStillStore({ 'studio/one': 'active' });

function head(digit: string, more: Partial<CheckRequest> = {}): CheckRequest {
  return {
    repositoryId: 1 as RepositoryId,
    commit: digit.repeat(40) as CommitSha,
    branch: 'main',
    isDefaultBranch: true,
    pullRequest: 12,
    ...more,
  };
}

const findDue = async () => (await store.checkRequests.findDue())?.commit[0];

describe('a head that is to be checked', () => {
  it('is requested once, and not again after it was shown', async () => {
    expect(await store.checkRequests.request(head('a'))).toBe(true);
    expect(await store.checkRequests.request(head('a'))).toBe(false);
    expect(await store.checkRequests.findDue()).toEqual({ ...head('a'), tries: 0, requestedAt: now });
    await store.checkRequests.settle(head('a'), 'shown');
    expect(await store.checkRequests.request(head('a'))).toBe(false);
    expect(await findDue()).toBeUndefined();
    expect(await store.checkRequests.findLastOutcome()).toBe('shown');
  });

  it('replaces older heads of its pull request or branch, and no other ones', async () => {
    await store.checkRequests.request(head('a'));
    await store.checkRequests.request(head('b', { pullRequest: 13 }));
    await store.checkRequests.request(head('c', { pullRequest: undefined }));
    await store.checkRequests.request(head('d'));
    await store.checkRequests.request(head('e', { pullRequest: undefined }));
    const seen: (string | undefined)[] = [];
    for (let due = await store.checkRequests.findDue(); due; due = await store.checkRequests.findDue()) {
      seen.push(due.commit[0]);
      await store.checkRequests.settle(due, 'given-up');
    }
    expect(seen).toEqual(['b', 'd', 'e']);
  });

  it('that is postponed waits for its time, behind those that are due', async () => {
    await store.checkRequests.request(head('a'));
    await store.checkRequests.request(head('b', { pullRequest: 13 }));
    await store.checkRequests.postpone(head('a'), now + 1_000);
    expect(await findDue()).toBe('b');
    await store.checkRequests.settle(head('b'), 'not-permitted');
    expect(await findDue()).toBeUndefined();
    pass(1_000);
    expect(await store.checkRequests.findDue()).toMatchObject({ tries: 1, commit: head('a').commit });
    expect(await store.checkRequests.findLastOutcome()).toBe('not-permitted');
  });
});

import { describe, expect, it } from 'vitest';
import type { GitHubEvent } from '../../../src/domain/repository/github-event.ts';
import type { RepositoryId, Slug } from '../../../src/domain/repository/repository.ts';
import { now, pass, secret, store, useStillStore } from '../still-store.ts';

useStillStore({ 'studio/one': 'active', 'studio/two': 'active' });

function change(githubId: number, action = 'edited'): GitHubEvent {
  const repository = { githubId, slug: 'studio/one' as Slug, defaultBranch: 'main' };
  return { kind: 'repository', repository, action };
}

async function receive(delivery: string, event = change(1)): Promise<string> {
  return store.inbox.receive({ delivery, name: 'repository', event });
}

const waiting = async (): Promise<readonly string[]> =>
  (await store.inbox.listDue(10)).map(({ delivery }) => delivery);

describe('the inbox of deliveries', () => {
  it('keeps a delivery once, whether it waits or was handled', async () => {
    expect(await receive('a')).toBe('stored');
    expect(await receive('a')).toBe('known');
    const [first] = await store.inbox.listDue(10);
    expect(first).toMatchObject({ delivery: 'a', name: 'repository', tries: 0, event: change(1) });
    await store.inbox.markHandled(first?.id ?? 0, 'nothing follows from it');
    expect(await waiting()).toEqual([]);
    expect(await receive('a')).toBe('known');
    expect(await waiting()).toEqual([]);
  });

  it('accepts a delivery again under the same id when it failed before', async () => {
    await receive('a');
    const [first] = await store.inbox.listDue(10);
    await store.inbox.markFailed(first?.id ?? 0, 'ref 1234');
    expect(await waiting()).toEqual([]);
    expect(await receive('a', change(1, 'renamed'))).toBe('stored');
    expect(await store.inbox.listDue(10)).toMatchObject([{ id: first?.id, event: { action: 'renamed' } }]);
  });

  it('makes deliveries of a repository wait behind the one that must wait, and no others', async () => {
    await receive('a', change(1));
    await receive('b', change(2));
    await receive('c', change(1));
    const [first] = await store.inbox.listDue(10);
    await store.inbox.postpone(first?.id ?? 0, now + 5_000);
    expect(await waiting()).toEqual(['b']);
    pass(5_000);
    expect(await waiting()).toEqual(['a', 'b', 'c']);
    expect((await store.inbox.listDue(1))[0]?.tries).toBe(1);
  });

  it('stores no secret', async () => {
    await receive('a', change(1, secret));
    expect((await store.inbox.listDue(1))[0]?.event).toMatchObject({ action: '«redacted»' });
  });
});

describe('the links between repositories and the git host', () => {
  const one = 1 as RepositoryId;

  it('are learned from the name once, and stay from then on', async () => {
    expect(await store.links.findByGitHub(71, 'Studio/ONE' as Slug)).toMatchObject({ id: 1 });
    expect(await store.links.findGitHubId(one)).toBe(71);
    expect(await store.links.findByGitHub(71, 'studio/whatever' as Slug)).toMatchObject({ id: 1 });
    // Another repository under the old name.
    expect(await store.links.findByGitHub(72, 'studio/one' as Slug)).toBeUndefined();
  });

  it('follow a rename, even onto the name of another repository, which is disabled', async () => {
    expect(await store.links.rename(one, 'studio/one' as Slug)).toBe(false);
    expect(await store.links.rename(one, 'studio/two' as Slug)).toBe(true);
    expect(await store.repositories.list()).toMatchObject([
      { id: 1, slug: 'studio/two', status: 'active' },
      { id: 2, slug: 'studio/was-2', status: 'disabled' },
    ]);
  });

  it('remember where a branch was seen, and audit changes of status', async () => {
    const commit = '0123456789abcdef0123456789abcdef01234567';
    expect(await store.links.findSeenHead(one, 'main')).toBeUndefined();
    await store.links.saveSeenHead(one, 'main', commit as never);
    expect(await store.links.findSeenHead(one, 'main')).toBe(commit);
    expect(await store.links.setStatus(one, 'disabled', 'github')).toBe(true);
    expect(await store.links.setStatus(one, 'disabled', 'github')).toBe(false);
    expect(await store.audit.list(1)).toMatchObject([
      { action: 'repository-status', actor: 'github', facts: { from: 'active', to: 'disabled' } },
    ]);
  });
});

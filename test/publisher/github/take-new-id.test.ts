import { describe, expect, it } from 'vitest';
import { Outage } from '../../../src/domain/failure/failure.ts';
import type { Slug } from '../../../src/domain/repository/repository.ts';
import type { HostedRepository } from '../../../src/ports/repositories.ts';
import { type NewId, takeNewId } from '../../../src/publisher/github/take-new-id.ts';
import { store, useStillStore } from '../../store/still-store.ts';

useStillStore({ 'studio/one': 'disabled', 'studio/two': 'active' });

const never = new AbortController().signal;
const one = 'studio/one' as Slug;
const hosted = (githubId: number, slug = 'studio/one', ownerId = 50): HostedRepository => ({
  githubId,
  ownerId,
  slug: slug as Slug,
  defaultBranch: 'main',
  isArchived: false,
});

/** Activates the repository that was registered with id 11; GitHub answers this. */
async function activate(answer: HostedRepository | undefined | Error): Promise<NewId> {
  await store.links.findByGitHub(11, one);
  const repository = await store.repositories.findBySlug(one);
  if (repository === undefined) throw new Error('it is not registered');
  const find = async (): Promise<HostedRepository | undefined> => {
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return takeNewId({ directory: { find }, links: store.links }, repository, 'discord:7', never);
}

const idNow = async (): Promise<number | undefined> => {
  const repository = await store.repositories.findBySlug(one);
  return repository && store.links.findGitHubId(repository.id);
};

describe('the GitHub id of a repository that an operator activates', () => {
  it('is replaced when the name belongs to another repository by now, and both ids are shown', async () => {
    const taken = await activate(hosted(12, 'Studio/One'));
    expect(taken).toMatchObject({ kind: 'taken', change: expect.stringContaining('11 → 12') });
    expect(await idNow()).toBe(12);
    expect((await store.links.findByGitHub(12, one))?.slug).toBe(one);
    expect(await store.links.findByGitHub(11, one)).toBeUndefined();
  });

  it('is replaced together with the owner’s when the owner was recreated as well', async () => {
    const repository = await store.repositories.findBySlug(one);
    if (repository !== undefined) await store.links.confirmOwner(repository.id, 49);
    expect(await activate(hosted(12))).toMatchObject({ change: expect.stringContaining('owner') });
  });

  it.each([
    ['is as registered', hosted(11), 'same'],
    ['cannot be seen', undefined, 'same'],
    ['cannot be asked for now', new Outage('git-host', 'down', 'HTTP 503'), 'same'],
    ['leads to another name', hosted(12, 'studio/elsewhere'), 'refused'],
  ])('stays when it %s', async (_what, answer, kind) => {
    expect(await activate(answer)).toMatchObject({ kind });
    expect(await idNow()).toBe(11);
  });

  it('stays when another registered repository has the new one', async () => {
    await store.links.findByGitHub(12, 'studio/two' as Slug);
    const refused = await activate(hosted(12));
    expect(refused).toMatchObject({
      kind: 'refused',
      failure: { facts: { problem: expect.stringContaining('studio/two') } },
    });
    expect(await idNow()).toBe(11);
  });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { syncStatus } from '../../../src/publisher/github/status-sync.ts';

import { connectTo, type RegistrationWorld, signal, startRegistrationWorld } from './registration-world.ts';

let world: RegistrationWorld;

beforeEach(async () => {
  world = await startRegistrationWorld();
});
afterEach(async () => world.stop());

const bare = (): string => world.fixture.github.repository(world.fixture.slug).bare;

describe('the sync of what is registered', () => {
  const kinds = async () => (await syncStatus(world.deps, signal)).map(({ kind }) => kind);

  it('finds a missing, a correct and an outdated dispatcher', async () => {
    expect(await kinds()).toEqual(['dispatcher-missing']);
    await world.registrar.request(world.ask({ merge: true }), signal);
    expect(await kinds()).toEqual(['as-registered']);
    world.fixture.github.renameDefaultBranch(world.fixture.slug, 'trunk');
    expect(await kinds()).toEqual(['dispatcher-outdated']);
  });

  it('follows a rename, disables what is archived, and reports what cannot be seen', async () => {
    world.fixture.github.rename(world.fixture.slug, 'studio/renamed');
    expect(await kinds()).toEqual(['renamed']);
    expect(await world.find()).toMatchObject({ slug: 'studio/renamed', status: 'pending' });
    world.fixture.github.state.installations[0]?.hidden.add('studio/renamed');
    world.fixture.github.expireTokens();
    expect(await kinds()).toEqual(['no-access']);
    world.fixture.github.state.installations[0]?.hidden.clear();
    world.fixture.github.archive('studio/renamed');
    expect(await kinds()).toEqual(['archived']);
    expect((await world.find()).status).toBe('disabled');
    expect(await kinds()).toEqual([]);
  });

  it('disables a name that belongs to another repository by now', async () => {
    expect(await kinds()).toEqual(['dispatcher-missing']);
    const folderOf = bare();
    world.fixture.github.rename(world.fixture.slug, 'studio/elsewhere');
    world.fixture.github.addRepository(world.fixture.slug, folderOf);
    world.fixture.github.state.movedSlugs.clear();
    world.fixture.github.expireTokens();
    const [finding] = await syncStatus(
      { ...world.deps, directory: connectTo(world.fixture).directory },
      signal,
    );
    expect(finding).toMatchObject({ kind: 'name-reused' });
    expect((await world.find()).status).toBe('disabled');
  });

  it('decides nothing while GitHub is down', async () => {
    world.fixture.github.setFault(() => ({ kind: 'status', status: 502 }));
    expect(await kinds()).toEqual(['unknown']);
    expect((await world.find()).status).toBe('pending');
  });
});

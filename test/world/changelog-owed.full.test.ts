import { describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import { readRows } from './stored-rows.ts';
import {
  changelogAt,
  changelogInTarball,
  publish,
  raised,
  waitUntil,
  writeBackStates,
} from './written-back.ts';

describe('while GitHub is down', () => {
  const name = 'com.studio.later';
  const slug = 'studio/later';

  it('an entry stays owed, is shown as such, survives a restart and is written when GitHub is back', async () => {
    const world = await World.start({ repositories: [{ slug }] });
    try {
      await publish(world, unityPackage(name, '1.0.0', { folder: 'Core' }), slug);
      world.github.setFault(({ path }) =>
        path === '/graphql' || path.startsWith('/repos/') ? { kind: 'status', status: 503 } : undefined,
      );
      const commit = await publish(world, raised(name, '1.1.0'), slug);
      await world.process.waitFor(({ msg }) => msg === 'changelogs are still owed');
      await waitUntil(world, name, 'owed');
      await world.restart('SIGKILL');
      expect(readRows(world, writeBackStates, name)).toEqual([{ version: '1.1.0', state: 'owed' }]);
      expect(world.tip(slug)).toBe(commit);
      world.github.setFault(undefined);
      await waitUntil(world, name, 'written');
      expect(changelogAt(world, slug, 'main')).toBe(await changelogInTarball(world, name));
    } finally {
      await world.stop();
    }
  }, 240_000);
});

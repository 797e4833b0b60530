import { expect, vi } from 'vitest';
import { gitSync } from '../../sandbox/git-sync.ts';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import type { World } from '../../sandbox/world.ts';
import { openRegistry } from '../adapters/registry-fixtures.ts';
import { readRows } from './stored-rows.ts';

const within = { timeout: 150_000, interval: 50 };
const never = new AbortController().signal;
export const writeBackStates =
  'select version, state from changelog_write_backs join changelog_entries on entry = id where name = ?';

/** Returns a higher version and a changed script; the changelog stays as it was committed. */
export function raised(name: string, version: string): TreeFiles {
  const files = unityPackage(name, version, { folder: 'Core' });
  return {
    'Core/package.json': files['Core/package.json'] ?? '',
    'Core/Runtime/Example.cs': `// ${version}\n`,
  };
}

/** Publishes 1.0.0 with its own entry, and 1.1.0 whose entry has to be made; returns the commit of the latter. */
export async function publishTwo(world: World, name: string, repository: string): Promise<string> {
  await publish(world, unityPackage(name, '1.0.0', { folder: 'Core' }), repository);
  return publish(world, raised(name, '1.1.0'), repository);
}

export async function publish(world: World, files: TreeFiles, repository: string): Promise<string> {
  const commit = world.push({ files }, repository);
  const { id } = await world.dispatch(commit, { repository });
  expect((await world.finished(id)).status).toBe('published');
  return commit;
}

export async function waitUntil(world: World, name: string, state: string): Promise<void> {
  const expected = [{ version: '1.1.0', state }];
  await vi.waitFor(() => expect(readRows(world, writeBackStates, name)).toEqual(expected), within);
}

export const bareOf = (world: World, slug: string): string => world.github.repository(slug).bare;
export const changelogAt = (world: World, slug: string, ref: string): string =>
  `${gitSync(['-C', bareOf(world, slug), 'show', `${ref}:Core/CHANGELOG.md`])}\n`;

export async function changelogInTarball(world: World, name: string): Promise<string | undefined> {
  const registry = openRegistry({ url: world.registry.url, token: () => world.registry.token });
  try {
    return await registry.findText(name, '1.1.0', 'CHANGELOG.md', never);
  } finally {
    await registry.stop();
  }
}

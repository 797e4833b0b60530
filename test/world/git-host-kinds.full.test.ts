import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { World } from '../../sandbox/world.ts';
import type { CommitSha } from '../../src/domain/repository/repository.ts';
import { commonHosts, rarerHosts } from '../adapters/git-hosts.ts';
import { outcomesOf } from './report-reading.ts';

const hosts = Object.entries({ ...commonHosts, ...rarerHosts }).map(([title, host], index) => ({
  title,
  host,
  name: `com.studio.host${index}`,
  slug: `studio/host-${index}`,
}));
const sha256 = 'studio/sha-256';

let world: World;

beforeAll(async () => {
  const repositories = hosts.map(({ slug, host: kind }) => ({ slug, kind }));
  world = await World.start({
    repositories: [...repositories, { slug: sha256, kind: { objectFormat: 'sha256' } }],
  });
}, 120_000);
afterAll(async () => world?.stop());

function push(slug: string, name: string, version: string) {
  const folder = `Packages/${name}`;
  return world.push({ message: `Release ${version}`, files: unityPackage(name, version, { folder }) }, slug);
}

describe('a git host', () => {
  it.each(hosts)(
    '$title has its packages published, and the next push too',
    async ({ host, name, slug }) => {
      const commits = [push(slug, name, '1.0.0'), push(slug, name, '1.0.1')];
      // The case prepares the repository in the place where it lies here.
      const prepared = { bare: world.bareOf(slug), root: world.folder } as Parameters<
        NonNullable<typeof host.prepare>
      >[0];
      await host.prepare?.(prepared, commits as CommitSha[]);
      const first = await world.dispatch(commits[1] ?? '', { repository: slug });
      expect(outcomesOf(await world.finished(first.id))).toEqual({ [name]: 'published' });
      const second = await world.dispatch(push(slug, name, '1.1.0'), { repository: slug });
      expect(outcomesOf(await world.finished(second.id))).toEqual({ [name]: 'published' });
      expect(Object.keys((await world.packument(name))?.versions ?? {})).toEqual(['1.0.1', '1.1.0']);
    },
    180_000,
  );

  it('that names commits by SHA-256 is refused with its own reason', async () => {
    world.push({ files: unityPackage('com.studio.sha', '1.0.0') }, sha256);
    const { id } = await world.dispatch('a'.repeat(40), { repository: sha256 });
    const job = await world.finished(id);
    expect(job).toMatchObject({ status: 'failed', failure: { reason: 'object-format-unsupported' } });
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { type TreeFiles, unityPackage } from '../../sandbox/unity-repository.ts';
import type { JobShown, World } from '../../sandbox/world.ts';
import { folderOf } from './releasing.ts';
import { packageOf, uploadsAt } from './report-reading.ts';

/** The repository that `describeManyPackages` publishes from. */
export const many = 'studio/many';

/** Tests what holds for a repository however many packages it has, in a world where `many` is registered. */
export function describeManyPackages(world: () => World, count: number): void {
  describe(`a repository of ${count} packages`, () => {
    const repository = many;
    const names = Array.from({ length: count }, (_, index) => `com.studio.many.p${index + 1}`);
    let first: JobShown;

    beforeAll(async () => {
      const files = Object.assign(
        {},
        ...names.map((name) => unityPackage(name, '1.0.0', { folder: folderOf(name) })),
      ) as TreeFiles;
      first = await world().publish({ files }, { repository });
    }, 120_000);

    it('publishes all of them at first sight', () => {
      expect(first.status).toBe('published');
      expect(first.packages.filter((item) => item.outcome === 'published')).toHaveLength(count);
    });

    it('judges one of them when one is bumped, with one registry lookup', async () => {
      const [, , bumped = ''] = names;
      world().proxy.clear();
      const job = await world().publish(
        { files: unityPackage(bumped, '1.0.1', { folder: folderOf(bumped) }) },
        { repository },
      );
      expect(packageOf(job, bumped)).toMatchObject({
        outcome: 'published',
        version: '1.0.1',
        previousVersion: '1.0.0',
      });
      const unchanged = job.packages.filter((item) => item.outcome === 'unchanged');
      expect(unchanged).toHaveLength(count - 1);
      expect(unchanged.every((item) => item.version === '1.0.0' && names.includes(item.name))).toBe(true);
      expect(uploadsAt(world())).toEqual([bumped]);
      const requests = world()
        .proxy.requests()
        .map(({ method, path }) => `${method} ${path}`);
      expect(requests).toEqual([
        `GET /${bumped}`,
        `PUT /${bumped}`,
        `GET /${bumped}`,
        `GET /${bumped}/-/${bumped}-1.0.1.tgz`,
      ]);
    });

    it('asks the registry nothing when no manifest changed', async () => {
      world().proxy.clear();
      const job = await world().publish({ files: { 'README.md': 'more\n' } }, { repository });
      expect(job.status).toBe('nothing-to-publish');
      expect(job.packages.filter((item) => item.outcome === 'unchanged')).toHaveLength(count);
      expect(world().proxy.requests()).toEqual([]);
    });
  });
}

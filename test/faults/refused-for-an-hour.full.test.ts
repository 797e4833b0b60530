import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { type PipelineWorld, startPipelineWorld } from '../world/pipeline-world.ts';
import { refusedNames } from './refused-names.ts';

const hourMs = 3_600_000;
let world: PipelineWorld;
let round = 0;

beforeAll(async () => {
  world = await startPipelineWorld({ probes: true });
});
beforeEach(() => {
  world.proxy.clear();
  round++;
});
afterAll(async () => world.stop());

const version = (name: string, version: string) =>
  unityPackage(name, version, { folder: `Packages/${name}` });

describe('a package name that the registry refuses beside one that it accepts', () => {
  it.each(refusedNames)(
    '($what) for an hour: the healthy one goes on, the refused one fails once with its reason and is announced once',
    async ({ fault, reason, words, attempts }) => {
      const refused = `com.studio.secret${round}`;
      const healthy = `com.studio.core${round}`;
      world.proxy.setFaults(({ path }) => (path.startsWith(`/${refused}`) ? fault : undefined));
      const told = (await world.announcements()).length;
      const startedAt = world.clock.now();
      const { job } = await world.publish({ ...version(refused, '1.0.0'), ...version(healthy, '1.0.0') });
      expect(job).toMatchObject({ status: 'partially-failed', attempts });
      const failed = job.packages.find(({ name }) => name === refused);
      expect(failed).toMatchObject({ outcome: 'failed', reason, title: expect.stringContaining(refused) });
      expect(`${failed?.title} ${failed?.remedy}`).toContain(words);
      expect(`${failed?.title} ${failed?.remedy}`).not.toMatch(/UPM_REGISTRY|token=x/);
      for (let minor = 1; world.clock.now() - startedAt < hourMs; minor++) {
        await world.clock.sleep(20 * 60_000);
        const next = await world.publish(version(healthy, `1.${minor}.0`));
        expect(next.job).toMatchObject({ status: 'published', attempts: 1 });
      }
      const since = (await world.announcements()).slice(told);
      expect(since.filter((item) => item.kind !== 'job-finished')).toEqual([]);
      expect(since.filter((item) => JSON.stringify(item).includes(reason))).toHaveLength(1);
      expect(
        world.proxy.requests().filter(({ method, path }) => method === 'PUT' && path === `/${refused}`),
      ).toEqual([]);
    },
  );
});

import { describe, expect, it } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { startPipelineWorld } from '../world/pipeline-world.ts';

describe('a registry that is down for longer than all attempts would take', () => {
  it.each([
    [3, 0],
    [12, 1],
  ])(
    'for %i probes: the job still has all its attempts, and %i banner was shown',
    async (probes, banners) => {
      const world = await startPipelineWorld({ probes: true });
      try {
        let left = probes;
        world.proxy.setFaults(({ path }) => {
          if (path === '/-/whoami') left--;
          return left < 0 ? undefined : { kind: 'status', status: 503 };
        });
        const startedAt = world.clock.now();
        const { job } = await world.publish(unityPackage('com.studio.tool', '1.0.0'));
        const downMs = world.clock.now() - startedAt;
        expect(job).toMatchObject({ status: 'published', attempts: 1 });
        // Twelve probes take minutes, while five attempts are over in less than one.
        expect(downMs).toBeGreaterThan(probes === 12 ? 10 * 60_000 : 1_000);
        const kinds = (await world.announcements()).map(({ kind }) => kind);
        const shown = banners === 1 ? ['outage', 'outage-over', 'job-finished'] : ['job-finished'];
        expect(kinds).toEqual(shown);
      } finally {
        await world.stop();
      }
    },
  );
});

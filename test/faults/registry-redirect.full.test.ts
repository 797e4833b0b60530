import { describe, expect, it } from 'vitest';
import { startCanary } from './canary.ts';
import {
  publish,
  published,
  spoilPuts,
  spoilReads,
  summarise,
  usePipelineWorld,
  world,
} from './spoilt-registry.ts';

usePipelineWorld();

describe('a registry that redirects to another port', () => {
  it.each([301, 302, 303, 307, 308] as const)(
    'with %i for a PUT never gets the token sent there',
    async (status) => {
      const canary = await startCanary();
      spoilPuts({ kind: 'redirect', status, to: canary.url }, 99);
      expect(await summarise(await publish())).toMatchObject({
        status: 'failed',
        reason: 'registry-name-forwarded',
        puts: 1,
        isStored: false,
      });
      await canary.stop();
      expect(canary.heard()).toEqual([]);
    },
  );

  it.each([301, 307] as const)(
    'with %i for a read fails the name and never gets the token sent there',
    async (status) => {
      const canary = await startCanary();
      spoilReads({ kind: 'redirect', status, to: canary.url }, 'before-put', Number.POSITIVE_INFINITY);
      const refused = await publish();
      expect(await summarise(refused)).toMatchObject({
        status: 'failed',
        reason: 'registry-name-forwarded',
        attempts: 1,
        puts: 0,
      });
      await canary.stop();
      expect(canary.heard()).toEqual([]);
      world.proxy.setFaults(() => undefined);
      expect(await summarise(await world.again(refused))).toEqual(published(1, 1));
    },
  );
});

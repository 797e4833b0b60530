import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/system/system-clock.ts';
import { sweepDeliveries } from '../../../src/publisher/github/redelivery-sweep.ts';

import { type RegistrationWorld, signal, startRegistrationWorld } from './registration-world.ts';

let world: RegistrationWorld;

beforeEach(async () => {
  world = await startRegistrationWorld();
});
afterEach(async () => world.stop());

describe('the sweep of GitHub’s deliveries', () => {
  it('asks once for another delivery of those of the last three days that never arrived', async () => {
    const { github } = world.fixture;
    const nobody = { url: 'http://127.0.0.1:9/webhooks/github', secret: 'x' };
    github.setWebhook(nobody);
    const lost = await github.deliver('push', { n: 1 });
    const twice = await github.deliver('push', { n: 2 });
    await github.redeliver(twice?.id ?? 0);
    const sweep = async (now = Date.now()) =>
      sweepDeliveries({ clock: { now: () => now }, deliveries: world.deliveries }, signal);
    expect(await sweep(Date.now() + 4 * 86_400_000)).toEqual([]);
    expect(new Set(await sweep())).toEqual(new Set([lost?.guid, twice?.guid]));
    const sent = github.state.deliveries.filter(({ isRedelivery }) => isRedelivery);
    expect(sent.map(({ guid }) => guid)).toEqual([twice?.guid, lost?.guid, twice?.guid]);
  });

  it('leaves those alone that arrived with a later attempt', async () => {
    const { github } = world.fixture;
    github.setWebhook({ url: 'http://127.0.0.1:9/', secret: 'x' });
    const lost = await github.deliver('push', { n: 1 });
    const [first] = github.state.deliveries;
    if (first !== undefined)
      github.state.deliveries.push({ ...first, id: 5, isRedelivery: true, statusCode: 202 });
    expect(lost?.statusCode).toBe(0);
    expect(await sweepDeliveries({ clock: systemClock, deliveries: world.deliveries }, signal)).toEqual([]);
  });
});

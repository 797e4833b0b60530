import { describe, expect, it } from 'vitest';
import type { Fault } from '../../sandbox/fault-proxy.ts';
import type { Outage } from '../../src/domain/failure/failure.ts';
import { down, json, never, publish, registry, useImpatientRegistry, world } from './impatient-registry.ts';
import { newName } from './registry-fixtures.ts';

useImpatientRegistry();

describe('setting a dist-tag', () => {
  it('moves it', async () => {
    const name = newName();
    await publish(name, '1.0.0');
    await publish(name, '1.1.0');
    await registry.setDistTag(name, 'latest', '1.0.0', never);
    await registry.setDistTag(name, 'release-1.1', '1.1.0', never);
    const packument = await registry.findPackument(name, never);
    expect({ ...packument?.distTags }).toEqual({ latest: '1.0.0', 'release-1.1': '1.1.0' });
  });

  it.each<readonly [string, Fault, Partial<Outage>]>([
    ['503', { kind: 'status', status: 503 }, { kind: 'down' }],
    ['404', { kind: 'status', status: 404, headers: json, body: '{}' }, { kind: 'down', detail: 'HTTP 404' }],
    ['401', { kind: 'status', status: 401 }, { kind: 'credentials' }],
    ['a web page', { kind: 'html-200' }, { kind: 'down' }],
    ['a reset', { kind: 'reset', when: 'before-forwarding' }, { kind: 'down' }],
  ])('reports %s instead of ignoring it', async (_what, fault, expected) => {
    world.proxy.setFaults(() => fault);
    await expect(registry.setDistTag('com.studio.x', 'latest', '1.0.0', never)).rejects.toMatchObject({
      ...down,
      ...expected,
    });
    expect(world.proxy.requests()).toHaveLength(1);
  });
});

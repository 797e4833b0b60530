import { describe, expect, it } from 'vitest';
import { pass, secret, store, useStillStore } from '../still-store.ts';

const dayMs = 24 * 3_600_000;

useStillStore({ 'studio/one': 'active', 'studio/two': 'active', 'studio/waiting': 'pending' });

describe('stored proposals', () => {
  it('are taken once, even when two people press at once, and say how they ended', async () => {
    const id = await store.proposals.add('publish', 'discord:1', { names: ['com.studio.a'], note: secret });
    expect(await store.proposals.find(id)).toEqual({
      proposal: 'publish',
      payload: { names: ['com.studio.a'], note: '«redacted»' },
      by: 'discord:1',
    });
    await store.proposals.update(id, { names: [] });
    const both = await Promise.all([
      store.proposals.take(id, 'discord:1'),
      store.proposals.take(id, 'discord:2'),
    ]);
    expect(both).toEqual([
      { kind: 'taken', proposal: 'publish', payload: { names: [] } },
      { kind: 'used', by: 'discord:1', note: '' },
    ]);
    await store.proposals.update(id, { names: ['late'] });
    await store.proposals.close(id, 'queued as #4');
    expect(await store.proposals.take(id, 'discord:3')).toEqual({
      kind: 'used',
      by: 'discord:1',
      note: 'queued as #4',
    });
    expect(await store.proposals.find(id)).toMatchObject({ payload: { names: [] } });
  });

  it('are forgotten after a day', async () => {
    const id = await store.proposals.add('publish', 'discord:1', {});
    pass(dayMs);
    expect(await store.proposals.find(id)).toBeUndefined();
    expect(await store.proposals.take(id, 'discord:1')).toBeUndefined();
    expect(await store.proposals.take(id + 1, 'discord:1')).toBeUndefined();
  });
});

import { describe, expect, it, vi } from 'vitest';
import { unityPackage } from '../../sandbox/unity-repository.ts';
import { discord, useSharedThread, world } from './shared-thread.ts';
import { readRows } from './stored-rows.ts';
import { buttonOf, failure, isTitled, success, within } from './thread-world.ts';

const label = 'Publish anyway…';
const name = 'com.studio.hasty';

useSharedThread();

describe('a version that preflight stops', () => {
  it('is published when an operator gives a reason, over a restart, and both messages say who and why', async () => {
    const op = discord.user({ name: 'Op', roles: [discord.operatorRoleId] });
    const mia = discord.user({ name: 'Mia' });
    const files = unityPackage(name, '1.0.0', { folder: 'Hasty' });
    await world.publish({ files: { ...files, 'Hasty/Runtime/NoMeta.cs': 'class NoMeta {}\n' } });
    const failed = await discord.waitForMessage(
      (message) => isTitled(failure)(message) && message.content.includes(name),
    );
    expect(JSON.stringify(failed.embeds)).toContain('meta.missing');
    expect(await world.packument(name)).toBeUndefined();

    const refused = await discord.press(failed.id, buttonOf(failed, label), mia);
    expect([refused.ephemeral, refused.content]).toEqual([true, expect.stringMatching(/^You need/)]);
    const form = await discord.press(failed.id, buttonOf(failed, label), op);
    if (form.modal === undefined) throw new Error('there was no form');
    await world.restart('SIGKILL');
    await world.process.waitFor((line) => line.msg === 'discord ready');
    const done = await discord.submitModal(form.modal, { reason: 'the demo is at noon' }, op);
    expect(done.content).toMatch(/^Queued as #\d+\.$/);

    const published = await discord.waitForMessage(
      (message) => isTitled(success)(message) && message.content.includes(name),
    );
    const shown = JSON.stringify(published.embeds);
    expect(shown).toContain(`in spite of a finding, by <@${op.id}>: the demo is at noon`);
    expect((await world.packument(name))?.['dist-tags']['latest']).toBe('1.0.0');
    await vi.waitFor(() => {
      const now = discord.messages().find(({ id }) => id === failed.id);
      expect(now?.embeds[0]?.description).toContain(`🔓 <@${op.id}> let it through as #`);
      expect(now?.buttons.find((button) => button.label === label)?.disabled).toBe(true);
    }, within);
    const rows = readRows(world, "select actor, subject from audit where action = 'publish-anyway'");
    expect(rows).toEqual([{ actor: `discord:${op.id}`, subject: `${name}@1.0.0` }]);
    expect(discord.violations()).toEqual([]);
  });
});

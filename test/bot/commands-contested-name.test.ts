import { describe, expect, it } from 'vitest';
import { useCommandWorld, world } from './command-bot.ts';
import { menusOf, textOf } from './command-world.ts';
import { commit, jobReport, packageReport, repository, row } from './sample-answers.ts';

useCommandWorld();

describe('a contested package name', () => {
  const contested = packageReport('com.studio.shared', {
    outcome: 'failed',
    reason: 'name-contested',
    title: 'It is not clear which repository owns com.studio.shared: studio/one, studio/two',
    remedy: 'An operator names the owner.',
  });

  /** The message that reports it in the thread. */
  async function tell() {
    world.fake.rows = ['studio/one', 'studio/two'].map((slug) =>
      row('com.studio.shared', 'duplicate-owner', { repository: slug }),
    );
    world.fake.jobs.set(9, jobReport(9, { status: 'failed', packages: [contested] }));
    await world.bot().thread.say(
      {
        kind: 'job-finished',
        job: 9,
        dispatchId: 'dispatch-9',
        repository: 'studio/one',
        commit,
        about: null,
        requestedBy: 'event',
        cancelledBy: null,
        pusher: null,
        held: [],
        status: 'failed',
        failure: null,
        packages: [contested],
        counts: { failed: 1 },
        durationMs: 1_000,
        finishedAt: 1_800_000_000_000,
      },
      'key-9',
    );
    return world.discord.waitForMessage((message) => message.buttons.length > 0);
  }

  it('is given, once, to the repository that an operator chooses at the message that reports it', async () => {
    const message = await tell();
    expect(message.buttons.map((button) => button.label)).toEqual(['Retry', 'Details', 'Decide owner…']);
    const asked = await world.discord.press(message.id, 'v1:decide:9', world.operator);
    expect(asked.followUps).toMatchObject([{ ephemeral: true, content: 'Which repository owns the name?' }]);
    expect(menusOf(asked)[0]?.options.map((option) => option.label)).toEqual(['studio/one', 'studio/two']);

    const chosen = await world.choose(asked, ['1']);
    expect(textOf(chosen)).toContain('`com.studio.shared` belongs to `studio/two` now.');
    expect([...world.fake.owners]).toEqual([['com.studio.shared', 'studio/two']]);

    const late = await world.discord.press(
      asked.followUps[0]?.id ?? '',
      menusOf(asked)[0]?.customId ?? '',
      world.publisher,
      { values: ['0'] },
    );
    expect(textOf(late)).toContain(`<@${world.operator.id}> pressed already: it belongs to studio/two now.`);
    expect([...world.fake.owners.values()]).toEqual(['studio/two']);
  });

  it('is not asked about any more once its owner is known', async () => {
    const message = await tell();
    world.fake.owners.set('com.studio.shared', 'studio/one');
    const asked = await world.discord.press(message.id, 'v1:decide:9', world.operator);
    expect(textOf(asked)).toContain('its owner is decided. Press Retry');
  });

  it('is not decided by anybody else: neither button nor menu works for them', async () => {
    const message = await tell();
    const refused = await world.discord.press(message.id, 'v1:decide:9', world.member);
    expect(refused.followUps[0]?.content).toMatch(/^You need Manage Server or <@&\d+> to do that\.$/);
    const asked = await world.discord.press(message.id, 'v1:decide:9', world.operator);
    const chosen = await world.choose(asked, ['0'], world.member);
    expect(chosen.followUps[0]?.content).toMatch(/^You need Manage Server/);
    expect(world.fake.owners.size).toBe(0);
    expect(world.fake.refusals.map(({ what }) => what)).toEqual(['decide', 'owner']);
  });

  it('is asked about even when its repositories have monstrous names', async () => {
    const message = await tell();
    const slugs = Array.from({ length: 30 }, (_, index) => `studio/${'x'.repeat(120)}${index}`);
    world.fake.repositories = slugs.map((slug) => repository(slug));
    world.fake.rows = slugs.map((slug) => row('com.studio.shared', 'duplicate-owner', { repository: slug }));
    const asked = await world.discord.press(message.id, 'v1:decide:9', world.operator);
    expect(menusOf(asked)[0]?.options).toHaveLength(25);
    await world.choose(asked, ['24']);
    expect([...world.fake.owners.values()]).toEqual([slugs[24]]);
  });
});

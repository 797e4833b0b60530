import type { Outcome } from 'discord-stand-in';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DriftKind } from '../../src/domain/package/drift.ts';
import { useCommandWorld, world } from './command-bot.ts';
import { menusOf, textOf } from './command-world.ts';
import { refused, row } from './sample-answers.ts';

useCommandWorld();

/** Turns from page to page until the end. */
async function readPages(first: Outcome): Promise<readonly string[]> {
  const texts = [textOf(first)];
  let page = first;
  while (page.message?.buttons.find((button) => button.label === '▶')?.disabled === false) {
    page = await world.press(page, '▶', world.member);
    texts.push(textOf(page));
  }
  return texts;
}

describe('/unpublished', () => {
  it('says so when everything is published', async () => {
    world.fake.rows = [row('com.studio.core', 'equal'), row('com.vendor.asset', 'excluded')];
    const outcome = await world.run('unpublished', {}, { user: world.member });
    expect(outcome.content).toMatch(/^✅ Everything is published\. Checked <t:\d+:R>\.$/);
    expect(outcome.ephemeral).toBe(true);
  });

  it('groups packages by their difference, the most urgent first, and names a shared name once', async () => {
    const kinds: readonly DriftKind[] = ['unknown', 'withdrawn', 'behind', 'never-published', 'ahead'];
    world.fake.rows = [
      ...kinds.map((kind) => row(`com.studio.${kind}`, kind)),
      row('com.studio.shared', 'duplicate-owner', { repository: 'studio/one' }),
      row('com.studio.shared', 'duplicate-owner', { repository: 'studio/two' }),
    ];
    const text = textOf(await world.run('unpublished', {}, { user: world.member }));
    const order = ['ahead of', 'never published', 'behind the', 'more than one', 'withdrawn', '**unknown**'];
    const places = order.map((words) => text.indexOf(words));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(text.match(/com\.studio\.shared/g)).toHaveLength(1);
    expect(text).toContain('studio/one, studio/two');
  });

  it('is shown to everybody when it is shared', async () => {
    world.fake.rows = [row('com.studio.core', 'ahead')];
    const outcome = await world.run('unpublished', { share: true }, { user: world.member });
    expect(outcome.ephemeral).toBe(false);
  });

  it('refreshes when told to, and says how far it is', async () => {
    world.fake.rows = [row('com.studio.core', 'ahead')];
    const shown: string[] = [];
    world.discord.onMessage((message) => shown.push(message.content));
    const outcome = await world.run('unpublished', { refresh: true });
    expect(shown).toContain('🔄 Looking at all repositories: 1 of 1 packages …');
    expect(textOf(outcome)).toContain('com.studio.core');
  });

  it('says why when the registry cannot be asked', async () => {
    const facts = { since: '12:00', detail: 'HTTP 503' };
    world.fake.override = { refreshDrift: async () => refused('registry-unavailable', facts) };
    const outcome = await world.run('unpublished', { refresh: true });
    expect(outcome.content).toMatch(/The registry has not answered since 12:00: HTTP 503.*→ Bring/s);
  });

  it.each([1, 25, 26, 109])('turns through %i packages and shows each once', async (count) => {
    world.fake.rows = Array.from({ length: count }, (_, index) => row(`com.studio.p${index}`, 'ahead'));
    const pages = await readPages(await world.run('unpublished', {}, { user: world.member }));
    expect(pages).toHaveLength(Math.ceil(count / 10));
    const words = pages.join('\n').split(/[\s*]+/);
    for (const { name } of world.fake.rows) expect(words.filter((word) => word === name)).toHaveLength(1);
  });

  it.each([1_000, 10_000])('shows the first and the last page of %i packages', async (count) => {
    world.fake.rows = Array.from({ length: count }, (_, index) => row(`com.studio.p${index}`, 'ahead'));
    const first = await world.run('unpublished');
    expect(textOf(first)).toContain(`Page 1 of ${count / 10}`);
    const last = await world.discord.press(first.message?.id ?? '', `v1:page:1-${count}`, world.member);
    expect(textOf(last)).toContain(`com.studio.p${count - 1}*`);
    expect(last.message?.buttons.map((button) => button.disabled)).toEqual([false, true]);
  });

  it('has room for the longest and most hostile names, details and repositories', async () => {
    const hostile = '`*_~|[x](https://evil.test)<@1>@everyone'.repeat(10);
    world.fake.rows = Array.from({ length: 30 }, (_, index) =>
      row(`${hostile}${index}`, 'ahead', { repository: hostile, headVersion: hostile, detail: hostile }),
    );
    const outcome = await world.run('unpublished');
    expect(textOf(outcome)).not.toMatch(/@(?!\u200B)/);
    expect(outcome.message?.pings).toEqual({ everyone: false, users: [], roles: [] });
    expect(menusOf(outcome)[0]?.options).toHaveLength(10);
  });

  it('of a day ago asks to run the command again', async () => {
    world.fake.rows = Array.from({ length: 11 }, (_, index) => row(`com.studio.p${index}`, 'ahead'));
    const first = await world.run('unpublished');
    world.fake.ageMs += 25 * 3_600_000;
    expect(textOf(await world.press(first, '▶'))).toContain('This is older than a day.');
  });
});

describe('what is chosen from /unpublished', () => {
  const keyOf = (outcome: Outcome, label: string): string =>
    menusOf(outcome)[0]?.options.find((option) => option.label === label)?.value ?? '';

  beforeEach(() => {
    world.fake.rows = [
      row('com.studio.a', 'ahead'),
      row('com.studio.b', 'ahead'),
      row('com.studio.c', 'never-published', { repository: 'studio/two' }),
      row('com.studio.behind', 'behind'),
    ];
  });

  it('is published after a confirmation, and the answer lists the jobs', async () => {
    const list = await world.run('unpublished', { share: true });
    expect(menusOf(list)[0]?.options.map(({ label }) => label)).toEqual([
      'com.studio.a',
      'com.studio.b',
      'com.studio.c',
    ]);
    const chosen = [keyOf(list, 'com.studio.a'), keyOf(list, 'com.studio.c')];
    const asked = await world.choose(list, chosen);
    expect(asked.followUps).toMatchObject([{ ephemeral: true }]);
    expect(asked.followUps[0]?.content).toMatch(/^Publish 2 packages\?\n• `com\.studio\.a` `1\.2\.0`/);
    expect(world.fake.requests).toEqual([]);

    const done = await world.press(asked, 'Publish');
    expect(done.content).toMatch(
      /`com\.studio\.a`: job #101 · `studio\/one` .*\n.*`com\.studio\.c`: job #102 · `studio\/two`/,
    );
    expect(world.fake.requests.map(({ target }) => target)).toEqual([
      { kind: 'package', name: 'com.studio.a' },
      { kind: 'package', name: 'com.studio.c' },
    ]);
  });

  it('leaves out what cannot be published any more', async () => {
    const list = await world.run('unpublished');
    const chosen = [keyOf(list, 'com.studio.a'), keyOf(list, 'com.studio.b')];
    world.fake.rows = world.fake.rows.filter((known) => known.name !== 'com.studio.b');
    const asked = await world.choose(list, chosen);
    expect(asked.followUps[0]?.content).toContain('1 of those you chose cannot be published any more.');
    world.fake.rows = [];
    const none = await world.choose(list, chosen);
    expect(none.followUps.at(-1)?.content).toMatch(/^None of these can be published any more/);
  });

  it('is answered with the result of each package, refused ones included', async () => {
    const list = await world.run('unpublished', { repository: 'studio/one' });
    const asked = await world.choose(list, [keyOf(list, 'com.studio.a')]);
    world.fake.override = {
      requestPublish: async () => refused('repository-disabled', { repository: 'studio/one' }),
    };
    const done = await world.press(asked, 'Publish');
    expect(done.content).toMatch(/^❌ `com\.studio\.a`: .*studio\/one is disabled.*→/s);
  });

  it('is refused to others, who may still turn the pages', async () => {
    const list = await world.run('unpublished', { share: true }, { user: world.member });
    const refusal = await world.choose(list, [keyOf(list, 'com.studio.a')], world.member);
    expect(refusal.followUps).toMatchObject([
      { ephemeral: true, content: expect.stringMatching(/^You need/) },
    ]);
    expect(world.fake.refusals).toEqual([{ by: `discord:${world.member.id}`, what: 'pick' }]);
  });
});

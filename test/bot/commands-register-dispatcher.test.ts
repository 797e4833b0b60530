import { describe, expect, it } from 'vitest';
import { useCommandWorld, withOneOfEach, world } from './command-bot.ts';
import { textOf } from './command-world.ts';
import { opened, refused } from './sample-answers.ts';

useCommandWorld(withOneOfEach);

describe('/register add with a dispatcher', () => {
  const add = async (dispatcher?: string) =>
    world.run(
      'register',
      {
        repository: 'studio/one',
        branches: 'release/*',
        ...(dispatcher === undefined ? {} : { dispatcher }),
      },
      { subcommand: 'add' },
    );

  it('opens its pull request on confirmation, says where it is and what follows, and activates nothing', async () => {
    const found = await add('open');
    expect(found.content).toContain('A pull request will bring it the dispatcher');
    expect(world.fake.countChanges()).toBe(0);
    const confirmed = await world.press(found, 'Confirm');
    const by = `discord:${world.operator.id}`;
    expect(world.fake.dispatchers).toEqual([{ slug: 'studio/one', kind: 'add', merge: false, by }]);
    expect(world.fake.changes).toEqual([{ slug: 'studio/one', settings: { branches: ['release/*'] }, by }]);
    expect(confirmed.content).toBe(
      '✅ [Pull request #7](https://git.studio.test/studio/one/pull/7) is open in `studio/one`.\n' +
        '→ Once it is merged, by whomever, the repository becomes active and what it lacks on the registry is published.',
    );
  });

  it.each([
    [
      'merged',
      opened({ kind: 'merged' }),
      /^✅ \[Pull request #7\]\(.*\) is merged: .*\n→ It becomes active/,
    ],
    [
      'waiting',
      opened({ kind: 'waiting' }),
      /The publisher merges it as soon as its checks and reviews allow it/,
    ],
    [
      'refused',
      opened({ kind: 'refused', detail: 'Required check "build" @everyone [x](http://evil.test)' }),
      /^⚠️ .* but GitHub does not merge it: Required check "build" @\u200Beveryone \\\[x\\\].*\n→ Merge it there/,
    ],
    [
      'not possible',
      { kind: 'refused', detail: 'studio/one is archived. Unarchive it on GitHub first.' } as const,
      /^⚠️ \*\*No pull request could be opened in `studio\/one`\.\*\* studio\/one is archived/,
    ],
  ])('merges it when asked to, and says in plain words when that is %s', async (_what, answer, sentence) => {
    world.fake.dispatcherAnswer = answer;
    const confirmed = await world.press(await add('merge'), 'Confirm');
    expect(world.fake.dispatchers).toMatchObject([{ merge: true }]);
    expect(world.fake.changes.filter(({ settings }) => settings.status !== undefined)).toEqual([]);
    expect(confirmed.content).toMatch(sentence);
  });

  it('activates at once, and offers to publish, when the dispatcher is already there', async () => {
    world.fake.dispatcherAnswer = { kind: 'nothing-to-change' };
    const confirmed = await world.press(await add('open'), 'Confirm');
    expect(world.fake.changes.at(-1)).toMatchObject({ settings: { status: 'active' } });
    expect(confirmed.content).toMatch(
      /^✅ `studio\/one` has its dispatcher already\.\n✅ .* is registered\./,
    );
    expect(confirmed.message?.buttons.map(({ label }) => label)).toEqual(['Publish what is missing']);
  });

  it('says that GitHub cannot be reached, and can be repeated', async () => {
    world.fake.override = {
      requestDispatcher: async () => refused('git-host-unavailable', { since: 'noon', detail: 'HTTP 502' }),
    };
    const confirmed = await world.press(await add('open'), 'Confirm');
    expect(confirmed.content).toMatch(/The git host has not answered since noon: HTTP 502/);
  });

  it('is the default only where pushes would go unnoticed without it', async () => {
    await world.press(await add(), 'Confirm');
    expect(world.fake.dispatchers).toEqual([]);
    world.fake.hearsPushes = false;
    await world.press(await add(), 'Confirm');
    expect(world.fake.dispatchers).toMatchObject([{ kind: 'add', merge: false }]);
  });

  it('is confirmed once, even after a restart; a second person who presses reads what followed', async () => {
    const found = await add('open');
    const { id = '', buttons = [] } = found.message ?? {};
    const confirm = buttons[0]?.customId ?? '';
    await world.restart();
    await world.press(found, 'Confirm');
    const again = await world.discord.press(id, confirm, world.publisher);
    expect(textOf(again)).toContain(`<@${world.operator.id}> pressed already: pull request \\#7 is open.`);
    expect(world.fake.dispatchers).toHaveLength(1);
  });

  it('is for operators only, both the command and the button', async () => {
    const options = { repository: 'studio/one', dispatcher: 'merge' };
    const refusal = await world.run('register', options, { subcommand: 'add', user: world.member });
    expect(refusal.content).toMatch(/^You need Manage Server/);
    const found = await add('open');
    const confirm = found.message?.buttons[0]?.customId ?? '';
    const pressed = await world.discord.press(found.message?.id ?? '', confirm, world.member);
    expect(textOf(pressed)).toContain('You need Manage Server');
    expect(world.fake.countChanges()).toBe(0);
  });

  it('refuses an option that was never offered', async () => {
    const outcome = await add('force-push');
    expect(outcome.content).toBe('`force-push` is nothing a dispatcher can be: none, open, merge are.');
  });
});

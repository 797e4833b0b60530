import { describe, expect, it } from 'vitest';
import { commands } from '../../src/bot/commands/index.ts';
import { useCommandWorld, withTwoAhead, world } from './command-bot.ts';
import { menusOf, textOf } from './command-world.ts';

useCommandWorld(withTwoAhead);

const stateChanging = [
  { name: 'publish', options: { package: 'com.studio.core' }, what: '/publish' },
  { name: 'publish', options: { repository: 'studio/one', dry_run: true }, what: '/publish' },
  { name: 'register', subcommand: 'add', options: { repository: 'studio/one' }, what: '/register add' },
  {
    name: 'register',
    subcommand: 'edit',
    options: { repository: 'studio/one', status: 'disabled' },
    what: '/register edit',
  },
  { name: 'register', subcommand: 'remove', options: { repository: 'studio/one' }, what: '/register remove' },
];

describe('a member without Manage Server and without an operators’ role', () => {
  it.each(stateChanging)('may not $what $options', async ({ name, subcommand, options, what }) => {
    const how = { user: world.member, ...(subcommand === undefined ? {} : { subcommand }) };
    const outcome = await world.run(name, options, how);
    expect(outcome).toMatchObject({ ephemeral: true, embeds: [], components: [] });
    expect(outcome.content).toBe(`You need Manage Server or <@&${world.discord.operatorRoleId}> to do that.`);
    expect(world.fake.refusals).toEqual([{ by: `discord:${world.member.id}`, what }]);
    expect(world.fake.countChanges()).toBe(0);
  });

  it.each([
    ['/publish', async () => world.run('publish', { repository: 'studio/one', dry_run: true })],
    ['/register add', async () => world.run('register', { repository: 'studio/one' }, { subcommand: 'add' })],
    [
      '/register remove',
      async () => world.run('register', { repository: 'studio/one' }, { subcommand: 'remove' }),
    ],
    [
      '/unpublished',
      async () => {
        const list = await world.run('unpublished');
        return world.choose(list, [menusOf(list)[0]?.options[0]?.value ?? '']);
      },
    ],
  ])('may press no button of %s', async (_what, propose) => {
    const proposed = await propose();
    const message = proposed.followUps.at(-1) ?? proposed.message;
    const ids = (message?.buttons ?? []).map((button) => button.customId ?? '');
    const actions = ids.map((id) => id.split(':')[1]);
    expect(new Set(actions)).toEqual(new Set(['confirm', 'cancelproposal']));
    for (const id of ids) {
      const pressed = await world.discord.press(message?.id ?? '', id, world.member);
      expect(pressed.followUps).toMatchObject([
        { ephemeral: true, content: expect.stringMatching(/^You need/) },
      ]);
    }
    expect(world.fake.refusals.map(({ what }) => what)).toEqual(actions);
    expect(world.fake.countChanges()).toBe(0);
    // The refused presses used nothing up: an operator can still confirm.
    await world.discord.press(message?.id ?? '', ids[0] ?? '', world.publisher);
    expect(world.fake.countChanges()).toBe(1);
  });

  it('may read everything', async () => {
    const reading: readonly (readonly [string, Readonly<Record<string, string | number>>])[] = [
      ['status', {}],
      ['status', { package: 'com.studio.core' }],
      ['status', { repository: 'studio/one' }],
      ['status', { job: 12 }],
      ['changelog', { package: 'com.studio.core' }],
      ['unpublished', {}],
    ];
    for (const [name, options] of reading) {
      const outcome = await world.run(name, options, { user: world.member });
      expect(outcome.embeds).toHaveLength(1);
    }
    expect(world.fake.refusals).toEqual([]);
  });
});

describe('a person on another server', () => {
  it('gets no answer but that the bot does not work there', async () => {
    const { discord, operator, fake } = world;
    for (const { definition } of commands) {
      const typed = {
        name: definition.name,
        options: { repository: 'studio/one', share: true },
        user: operator,
      };
      const outcome = await discord.command({ ...typed, guildId: '99' });
      expect(outcome).toMatchObject({ ephemeral: true, content: 'This bot does not work here.' });
      const typing = { ...typed, focused: 'repository', guildId: '99' };
      expect(await discord.autocomplete(typing)).toMatchObject({ type: 'choices', choices: [] });
    }
    const list = await world.run('unpublished');
    const id = menusOf(list)[0]?.customId ?? '';
    const picked = await discord.press(list.message?.id ?? '', id, operator, {
      values: ['x'],
      guildId: '99',
    });
    expect(textOf(picked)).toContain('This bot does not work here.');
    expect(fake.countChanges()).toBe(0);
  });
});

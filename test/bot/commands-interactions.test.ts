import type { Outcome } from 'discord-stand-in';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/bot/commands/index.ts';
import { useCommandWorld, withTwoAhead, world } from './command-bot.ts';
import { menusOf, textOf } from './command-world.ts';
import { row } from './sample-answers.ts';

useCommandWorld(withTwoAhead);

describe('a restart of the bot', () => {
  it('between any message and its press changes nothing, because the state is in the store', async () => {
    const plan = await world.run('publish', { repository: 'studio/one', dry_run: true });
    const removal = await world.run('register', { repository: 'studio/two' }, { subcommand: 'remove' });
    const added = await world.run('register', { repository: 'studio/one' }, { subcommand: 'add' });
    world.fake.rows = Array.from({ length: 11 }, (_, index) => row(`com.studio.p${index}`, 'ahead'));
    const list = await world.run('unpublished');
    const asked = await world.choose(list, [menusOf(list)[0]?.options[0]?.value ?? '']);
    await world.restart();

    expect((await world.press(plan, 'Publish this')).content).toMatch(/^Queued #101/);
    expect((await world.press(removal, 'Remove')).content).toContain('is removed');
    const confirmed = await world.press(added, 'Confirm');
    expect(textOf(await world.press(list, '▶'))).toContain('Page 2 of 2');
    await world.restart();
    expect((await world.press(confirmed, 'Publish what is missing')).content).toMatch(/^Queued #102/);
    expect((await world.press(asked, 'Publish')).content).toContain('job #103');
  });
});

describe('a button that refers to something forgotten', () => {
  it.each([
    ['v1:confirm:x', undefined],
    ['v1:confirm:999', undefined],
    ['v1:page:1', undefined],
    ['v1:page:999-0', undefined],
    ['v1:pick:1', ['a']],
    ['v1:owner:999', ['a']],
    ['v1:decide:0', undefined],
    ['v1:nothing:1', undefined],
    ['v1:nothing:1', ['a']],
    ['v2:confirm:1', undefined],
    [`v1:confirm:${'1'.repeat(80)}`, undefined],
    ['other-bot', ['a']],
    ['v1:confirm:1; rm -rf /', undefined],
  ])('is answered politely: %s', async (customId, values) => {
    const list = await world.run('unpublished');
    const how = values === undefined ? {} : { values };
    const outcome = await world.discord.press(list.message?.id ?? '', customId, world.operator, how);
    expect(textOf(outcome)).toMatch(/older version|older than a day/);
    expect(world.fake.countChanges()).toBe(0);
  });
});

const tricks: readonly string[] = [
  '@everyone',
  '<@1> <@&2> <#3>',
  '[x](https://evil.test)',
  '$(reboot)',
  '`id`; rm -rf / #',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  '\u202Egnp\u0000',
  '%s%n',
  "' or 1=1 --",
  '```',
  'x'.repeat(6_000),
  '@everyone '.repeat(600),
];

describe('hostile text in an option', () => {
  type Typed = readonly [what: string, option: string, command: string, subcommand: string | undefined];
  const typed = commands.flatMap(({ definition: { name, options = [] } }) =>
    options.flatMap((option): readonly Typed[] =>
      'options' in option
        ? (option.options ?? []).map((inner) => [`/${name} ${option.name}`, inner.name, name, option.name])
        : [[`/${name}`, option.name, name, undefined]],
    ),
  );

  it.each(typed)(
    'of %s %s is answered with inert text, and the process survives',
    async (_what, option, command, subcommand) => {
      const how = subcommand === undefined ? {} : { subcommand };
      for (const trick of tricks) {
        const outcome: Outcome = await world.run(command, { repository: 'studio/one', [option]: trick }, how);
        expect(outcome.type).toBe('deferred');
        const text = textOf(outcome);
        expect(text).not.toMatch(/Something failed|\0|\u202E|@everyone/);
        expect(outcome.message?.pings).toEqual({ everyone: false, users: [], roles: [] });
        const typed = {
          name: command,
          options: { [option]: trick },
          focused: option,
          user: world.member,
          ...how,
        };
        expect(await world.discord.autocomplete(typed)).toMatchObject({ type: 'choices', choices: [] });
      }
      expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
    },
  );
});

describe('every interaction', () => {
  it('is acknowledged by its first request, within a second', async () => {
    world.fake.rows = Array.from({ length: 30 }, (_, index) => row(`com.studio.p${index}`, 'ahead'));
    const outcomes: Outcome[] = [];
    const check = async (act: () => Promise<Outcome>): Promise<Outcome> => {
      world.discord.clearRequests();
      const outcome = await act();
      outcomes.push(outcome);
      expect(world.discord.requests()[0]?.path).toMatch(/^\/interactions\/\d+\/[^/]+\/callback$/);
      return outcome;
    };
    await check(async () => world.run('status'));
    await check(async () => world.run('publish', { package: 'com.studio.p1' }, { user: world.member }));
    const plan = await check(async () => world.run('publish', { repository: 'studio/one', dry_run: true }));
    await check(async () => world.press(plan, 'Publish this'));
    const list = await check(async () => world.run('unpublished', { refresh: true }));
    await check(async () => world.press(list, '▶'));
    await check(async () => world.choose(list, ['none']));
    await check(async () =>
      world.discord.autocomplete({
        name: 'status',
        options: { package: 'com' },
        focused: 'package',
        user: world.member,
      }),
    );
    expect(Math.max(...outcomes.map((outcome) => outcome.acknowledgedInMs ?? 9_999))).toBeLessThan(1_000);
  });

  it('that fails reports a number that is in the log, and the next one works', async () => {
    world.fake.override = {
      listDrift: async () => {
        throw new Error('a secret detail');
      },
    };
    const outcome = await world.run('unpublished');
    const [, ref] = /^Something failed here \(ref (\d+)\)\. The log says more\.$/.exec(outcome.content) ?? [];
    expect(world.log).toContainEqual(
      expect.objectContaining({ level: 'error', fields: expect.objectContaining({ incident: ref }) }),
    );
    world.fake.override = {};
    expect((await world.run('unpublished')).embeds).toHaveLength(1);
  });

  it('that fails after a press tells the person who pressed, and uses the proposal up', async () => {
    const plan = await world.run('publish', { repository: 'studio/one', dry_run: true });
    const id = plan.message?.buttons[0]?.customId ?? '';
    world.fake.override = {
      requestPublish: async () => {
        throw new Error('a secret detail');
      },
    };
    const failed = await world.discord.press(plan.message?.id ?? '', id, world.operator);
    await expect.poll(() => textOf(failed)).toMatch(/Something failed here \(ref \d+\)/);
    const again = await world.discord.press(plan.message?.id ?? '', id, world.operator);
    expect(textOf(again)).toContain('pressed already: it failed; run the command again.');
  });

  it('that still waits when the process stops is answered with that', async () => {
    let started = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      started = resolve;
    });
    world.fake.override = {
      describeOverview: async () => {
        started();
        return new Promise(() => undefined);
      },
    };
    const outcome = world.run('status');
    await waiting;
    await world.bot().stop();
    expect((await outcome).content).toBe('The publisher is being restarted. Ask again in a minute.');
  });
});

import { type DiscordDouble, startDiscord } from 'discord-stand-in';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildRestOptions } from '../../../src/adapters/discord/discord-rest.ts';
import { commands } from '../../../src/bot/commands/index.ts';
import { buildRegistration, type Registration } from '../../../src/bot/gateway/command-registration.ts';
import { describeDiscord } from '../../../src/bot/gateway/describe-discord.ts';
import type { Command } from '../../../src/bot/interactions/command.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { startCommandWorld } from '../command-world.ts';
import { buildFakePublisher } from '../fake-publisher.ts';

let discord: DiscordDouble;
let pauses: number[];
const { memory } = buildFakePublisher();
const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

beforeEach(async () => {
  discord = await startDiscord();
  pauses = [];
});

afterEach(async () => {
  await discord.stop();
});

/** Makes pauses take no time, but lets an abort end them. */
const clock: Clock = {
  now: () => 0,
  monotonic: () => 0,
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    pauses.push(ms);
    await new Promise((resolve) => setImmediate(resolve));
  },
};

function build(list: readonly Command[] = commands, kept = memory): Registration {
  return buildRegistration({
    rest: buildRestOptions(discord.apiUrl),
    token: () => discord.botToken,
    guildId: discord.guildId,
    commands: list,
    memory: kept,
    clock,
    logger,
  });
}

const puts = (): number => discord.requests().filter(({ method }) => method === 'PUT').length;
const names = (): readonly unknown[] =>
  discord.commands().map((command) => (command as { name: string }).name);

describe('the registration of commands', () => {
  it('is one request for all of them, and none at a second start', async () => {
    const world = await startCommandWorld();
    const sent = (): number =>
      world.discord
        .requests()
        .filter(({ path }) => path.endsWith(`/guilds/${world.discord.guildId}/commands`)).length;
    expect(world.discord.commands()).toHaveLength(commands.length);
    await expect.poll(() => world.log.map(({ message }) => message)).toContain('commands registered');
    expect(sent()).toBe(1);
    await world.restart();
    await world.run('status');
    await world.restart();
    expect(sent()).toBe(1);
    await world.stop();
  });

  it('is sent again when a definition has changed', async () => {
    const { memory: kept } = buildFakePublisher();
    const first = build(commands, kept);
    first.begin(discord.applicationId);
    await expect.poll(() => kept.find('registered-commands')).toBeDefined();
    const [one] = commands;
    if (one === undefined) throw new Error('there are no commands');
    const second = build([{ ...one, definition: { ...one.definition, description: 'Another text' } }], kept);
    second.begin(discord.applicationId);
    await expect.poll(names).toEqual([one.definition.name]);
    expect(puts()).toBe(2);
  });

  it.each([
    [
      'refuses access',
      { kind: 'status', status: 403, body: { code: 50001, message: 'Missing Access' } },
      /scope applications\.commands/,
    ],
    ['answers 503', { kind: 'status', status: 503 }, /Discord cannot be reached|answers 503/],
    ['resets the connection', { kind: 'reset' }, /Discord cannot be reached/],
  ] as const)(
    'is retried with growing pauses while Discord %s, and reports it',
    async (_what, fault, words) => {
      const { memory: kept } = buildFakePublisher();
      const registration = build(commands, kept);
      let seen: string | undefined;
      discord.setFault(({ method, count }) => {
        seen ??= registration.trouble();
        return method === 'PUT' && count <= 3 ? fault : undefined;
      });
      registration.begin(discord.applicationId);
      registration.begin(discord.applicationId);
      await expect.poll(names).toHaveLength(commands.length);
      await expect.poll(() => registration.trouble()).toBeUndefined();
      expect(seen).toMatch(words);
      expect(pauses).toEqual([5_000, 10_000, 20_000]);
      expect(puts()).toBe(4);
    },
  );

  it('ends with the process, whatever Discord answers', async () => {
    discord.setFault(() => ({ kind: 'hang' }));
    const registration = build(commands, buildFakePublisher().memory);
    registration.begin(discord.applicationId);
    await expect.poll(puts).toBe(1);
    await registration.stop();
    expect(registration.trouble()).toBeUndefined();
  });

  it('that is in trouble makes the connection degraded', () => {
    const state = { kind: 'ready', since: 0, why: 'the commands are not registered' } as const;
    expect(describeDiscord(state, undefined)).toMatchObject({ state: 'degraded', why: state.why });
  });
});

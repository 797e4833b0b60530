import {
  type DiscordDouble,
  type DiscordUser,
  type MessageView,
  type Outcome,
  startDiscord,
} from 'discord-stand-in';
import { expect, vi } from 'vitest';
import { buildDiscordChannel } from '../../src/adapters/discord/discord-channel.ts';
import { buildRestOptions } from '../../src/adapters/discord/discord-rest.ts';
import { systemClock } from '../../src/adapters/system/system-clock.ts';
import { type OpenBot, openBot } from '../../src/bot/gateway/open-bot.ts';
import type { KnownMessage, ThreadMessages } from '../../src/ports/announcements.ts';
import type { Channel } from '../../src/ports/chat.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { LogFields } from '../../src/ports/logger.ts';
import { buildFakePublisher, type FakePublisher } from './fake-publisher.ts';

export interface CommandWorld {
  readonly discord: DiscordDouble;
  readonly fake: FakePublisher;
  readonly operator: DiscordUser;
  /** A user with the operators' role, without Manage Server. */
  readonly publisher: DiscordUser;
  readonly member: DiscordUser;
  readonly log: readonly { readonly level: string; readonly message: string; readonly fields: LogFields }[];
  bot(): OpenBot;
  /** Starts a new client on the same store. */
  restart(): Promise<void>;
  run(
    name: string,
    options?: Readonly<Record<string, string | number | boolean>>,
    how?: { readonly subcommand?: string; readonly user?: DiscordUser },
  ): Promise<Outcome>;
  /** Presses the button with this label on an answer. */
  press(outcome: Outcome, label: string, user?: DiscordUser): Promise<Outcome>;
  /** Chooses in the first menu of an answer. */
  choose(outcome: Outcome, values: readonly string[], user?: DiscordUser): Promise<Outcome>;
  /** Throws when anything broke Discord's schema, limits or rules. */
  stop(): Promise<void>;
}

/**
 * Starts the bot with a real client and real sockets, against a double of Discord and a publisher in memory; `doorOf`
 * returns the address for its REST requests.
 */
export async function startCommandWorld({
  clock = systemClock,
  doorOf = async (discord: DiscordDouble): Promise<string> => discord.apiUrl,
} = {}): Promise<CommandWorld> {
  const fake = buildFakePublisher();
  const discord = await startDiscord();
  const operator = discord.user({ name: 'Olga', permissions: 'manage-guild' });
  const publisher = discord.user({ name: 'Paul', roles: [discord.operatorRoleId] });
  const member = discord.user({ name: 'Mia' });
  const log: CommandWorld['log'][number][] = [];
  const messages = rememberMessages();
  const apiUrl = await doorOf(discord);
  const open = async (): Promise<OpenBot> => openOne(discord, apiUrl, fake, messages, log, clock);
  let bot = await open();
  // Converts options to their types, as the double does for registered options.
  await vi.waitFor(() => expect(discord.commands()).not.toEqual([]), { timeout: 10_000 });

  return {
    discord,
    fake,
    operator,
    publisher,
    member,
    log,
    bot: () => bot,
    restart: async () => {
      await bot.stop();
      bot = await open();
    },
    run: async (name, options = {}, { subcommand, user = operator } = {}) =>
      settled(
        discord,
        await discord.command({ name, options, user, ...(subcommand === undefined ? {} : { subcommand }) }),
      ),
    press: async (outcome, label, user = operator) => {
      const message = newestOf(outcome);
      const button = message.buttons.find((known) => known.label === label);
      if (button?.customId === undefined) throw new Error(`There is no button ${label}`);
      return settled(discord, await discord.press(message.id, button.customId, user));
    },
    choose: async (outcome, values, user = operator) => {
      const [menu] = menusOf(outcome);
      if (menu === undefined) throw new Error('There is no menu');
      return settled(discord, await discord.press(newestOf(outcome).id, menu.customId, user, { values }));
    },
    stop: async () => {
      await bot.stop();
      await discord.stop();
      const broken = discord.violations();
      if (broken.length > 0) throw new Error(`Discord would not take it: ${JSON.stringify(broken)}`);
    },
  };
}

/** Returns the message that asks or answers: a follow-up if there is one. Throws when nothing was answered. */
export function newestOf(outcome: Outcome): MessageView {
  const message = outcome.followUps.at(-1) ?? outcome.message;
  if (message === undefined) throw new Error('nothing was answered');
  return message;
}

export interface MenuView {
  readonly customId: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** Returns the menus of the newest message of an answer. */
export function menusOf(outcome: Outcome): readonly MenuView[] {
  const message = outcome.followUps.at(-1) ?? outcome.message;
  return (message?.components ?? [])
    .flatMap((row) => row['components'] as Record<string, unknown>[])
    .filter((component) => component['type'] === 3)
    .map((menu) => ({
      customId: String(menu['custom_id']),
      options: menu['options'] as MenuView['options'],
    }));
}

/** Returns everything that a person reads of an answer, its follow-ups included. */
export function textOf(outcome: Outcome): string {
  const messages = [outcome, ...outcome.followUps];
  return messages
    .flatMap(({ content, embeds }) => [
      content,
      ...embeds.flatMap((embed) => [
        embed.title ?? '',
        embed.description ?? '',
        ...(embed.fields ?? []).flatMap(({ name, value }) => [name, value]),
        embed.footer?.text ?? '',
      ]),
    ])
    .filter((part) => part !== '')
    .join('\n');
}

/** Ends of the texts that are shown while an answer is being made. */
const isInterim = (outcome: Outcome): boolean =>
  outcome.content.endsWith(' …') && outcome.followUps.length === 0;

/** Waits for the final edit, because the double counts the first text that is shown as the answer. */
async function settled(discord: DiscordDouble, outcome: Outcome): Promise<Outcome> {
  if (!isInterim(outcome)) return outcome;
  return new Promise((resolve) => {
    const end = discord.onMessage(() => {
      if (isInterim(outcome)) return;
      end();
      resolve(outcome);
    });
  });
}

async function openOne(
  discord: DiscordDouble,
  apiUrl: string,
  fake: FakePublisher,
  messages: ThreadMessages,
  log: CommandWorld['log'][number][],
  clock: Clock,
): Promise<OpenBot> {
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void log.push({ level, message, fields });
  const channelOf = (channelId: string): Channel =>
    buildDiscordChannel({
      apiUrl: discord.apiUrl,
      token: () => discord.botToken,
      channelId,
      clock: systemClock,
    });
  const bot = openBot({
    discord: {
      rest: buildRestOptions(apiUrl),
      config: {
        guildId: discord.guildId,
        threadId: discord.threadId,
        monitoringThreadId: discord.monitoringThreadId,
        operatorRoleIds: [discord.operatorRoleId],
        retryRoleIds: [],
        userIds: new Map(),
        failureRoleId: undefined,
        apiUrl: discord.apiUrl,
      },
      token: () => discord.botToken,
      channel: channelOf(discord.threadId),
      monitoring: channelOf(discord.monitoringThreadId),
    },
    asked: { ...fake, recentLog: () => [] },
    messages,
    memory: fake.memory,
    clock,
    logger: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    links: { registryUrl: 'https://npm.studio.test/', gitServerUrl: 'https://git.studio.test' },
  });
  await new Promise<void>((resolve) => bot.start(resolve));
  return bot;
}

function rememberMessages(): ThreadMessages {
  const known = new Map<string, KnownMessage>();
  const put = (key: string, nonce: string) =>
    known.set(key, { nonce, messageId: undefined, postedAt: Date.now() });
  return {
    find: async (key) => known.get(key),
    begin: async (key, nonce) => void (known.has(key) || put(key, nonce)),
    posted: async (key, messageId) => {
      const found = known.get(key);
      if (found !== undefined) known.set(key, { ...found, messageId });
    },
    replace: async (key, nonce) => void put(key, nonce),
  };
}

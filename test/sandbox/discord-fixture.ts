import { type APIMessage, Client, Events, GatewayIntentBits, MessageFlags, REST, Routes } from 'discord.js';
import { type DiscordDouble, startDiscord } from 'discord-stand-in';
import { afterEach, beforeEach } from 'vitest';

/** A double of Discord, and ways to act on it as a bot: REST as discord.js sends it, and clients that log in. */
export interface DiscordFixture {
  readonly discord: DiscordDouble;
  readonly rest: REST;
  createRest(options?: { readonly retries?: number; readonly timeout?: number }): REST;
  /** Logs a bot of discord.js in with the one intent; resolves when it is ready. */
  logIn(): Promise<Client<true>>;
  /** Posts to the thread. */
  send(body: object): Promise<APIMessage>;
  stop(): Promise<void>;
}

type DiscordOptions = Parameters<typeof startDiscord>[0];

export let fixture: DiscordFixture;
export let discord: DiscordDouble;

/** Call at the top of a test file: gives each of its tests a Discord. */
export function useDiscord(): void {
  beforeEach(async () => start({}));
  afterEach(async () => fixture.stop());
}

/** Replaces the test's Discord by another one. */
export async function replaceDiscord(options: DiscordOptions): Promise<void> {
  await fixture.stop();
  await start(options);
}

async function start(options: DiscordOptions): Promise<void> {
  fixture = await startDiscordFixture(options);
  ({ discord } = fixture);
}

async function startDiscordFixture(options: DiscordOptions): Promise<DiscordFixture> {
  const discord = await startDiscord(options);
  const clients: Client[] = [];
  const createRest: DiscordFixture['createRest'] = (how = {}) =>
    new REST({ api: discord.apiUrl, version: '10', retries: 0, ...how }).setToken(discord.botToken);
  const rest = createRest();
  return {
    discord,
    rest,
    createRest,
    logIn: async () => {
      const client = new Client({
        intents: [GatewayIntentBits.Guilds],
        rest: { api: discord.apiUrl, version: '10' },
      });
      clients.push(client);
      client.on('error', () => undefined);
      const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
      await client.login(discord.botToken);
      return await ready;
    },
    send: async (body) => (await rest.post(Routes.channelMessages(discord.threadId), { body })) as APIMessage,
    stop: async () => {
      await Promise.all(clients.map((client) => client.destroy()));
      await discord.stop();
    },
  };
}

/** Resolves with the arguments of the next event of that name. */
export function once(client: Client, event: string): Promise<unknown[]> {
  return new Promise((resolve) => (client as NodeJS.EventEmitter).once(event, (...args) => resolve(args)));
}

export function answerButtons(client: Client, answer: (customId: string) => string): void {
  client.on(Events.InteractionCreate, (interaction) => {
    if (!interaction.isButton()) return;
    void (async () => {
      await interaction.deferReply({ flags: MessageFlags.Ephemeral });
      await interaction.editReply({ content: answer(interaction.customId) });
    })();
  });
}

/** Returns the error with which an action is refused; throws when it succeeds. */
export async function refusal(
  action: Promise<unknown>,
): Promise<{ code: number; status: number; rawError: unknown }> {
  const error: unknown = await action.then(
    () => new Error('It was not refused'),
    (thrown: unknown) => thrown,
  );
  return error as { code: number; status: number; rawError: unknown };
}

export const button = (customId: string, more: object = {}) => ({
  type: 2,
  style: 1,
  label: 'Retry',
  custom_id: customId,
  ...more,
});
export const row = (...components: object[]) => ({ type: 1, components });

import { Client, Events, GatewayIntentBits, type Interaction, REST, Routes } from 'discord.js';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach } from 'vitest';
import { openPage } from './browser.ts';
import { browser, discord, useShownDiscord } from './shown-discord.ts';

/** The thread, as a person has it open. */
export let page: Page;
export let errors: readonly string[];
/** As the bot asks. */
export let rest: REST;
const clients: Client[] = [];

/** For the top of a test file: a Discord for each of its tests, whose thread is open. */
export function useOpenThread(): void {
  useShownDiscord();
  beforeEach(async () => {
    rest = new REST({ api: discord.apiUrl, version: '10', retries: 0 }).setToken(discord.botToken);
    ({ page, errors } = await openPage(browser, discord.pageUrl));
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.destroy()));
  });
}

/** From here on a bot is there and answers like this. */
export async function answerWith(answer: (interaction: Interaction) => Promise<unknown>): Promise<void> {
  const options = { api: discord.apiUrl, version: '10' };
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: options });
  clients.push(client);
  client.on(Events.InteractionCreate, (interaction) => void answer(interaction));
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.botToken);
  await ready;
}

/** The id of the message. */
export async function send(body: object, channel = discord.threadId): Promise<string> {
  return ((await rest.post(Routes.channelMessages(channel), { body })) as { id: string }).id;
}

import { Client, Events, GatewayIntentBits, type Interaction, REST, Routes } from 'discord.js';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach } from 'vitest';
import { openPage } from './browser.ts';
import { browser, discord, useShownDiscord } from './shown-discord.ts';

/** The thread, opened in a browser page. */
export let page: Page;
export let errors: readonly string[];
/** Client for requests as the bot. */
export let rest: REST;
const clients: Client[] = [];

/** Call at the top of a test file: gives each of its tests a Discord whose thread is open in a page. */
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

/** Connects a bot that answers like this from now on. */
export async function answerWith(answer: (interaction: Interaction) => Promise<unknown>): Promise<void> {
  const options = { api: discord.apiUrl, version: '10' };
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: options });
  clients.push(client);
  client.on(Events.InteractionCreate, (interaction) => void answer(interaction));
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(discord.botToken);
  await ready;
}

/** Sends a message and returns its id. */
export async function send(body: object, channel = discord.threadId): Promise<string> {
  return ((await rest.post(Routes.channelMessages(channel), { body })) as { id: string }).id;
}

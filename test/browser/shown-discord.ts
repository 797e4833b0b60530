import { type DiscordDouble, startDiscord } from 'discord-stand-in';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { launchBrowser } from './browser.ts';

export let browser: Browser;
export let discord: DiscordDouble;

/** For the top of a test file: one browser for all its tests, and for each a Discord; pages are closed after it. */
export function useShownDiscord(): void {
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => browser.close());
  beforeEach(async () => {
    discord = await startDiscord();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await discord.stop();
  });
}
